import { DisableRuleCommand, EnableRuleCommand, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { newAccount } from "../../../functions/processing/ledger/account";
import { newFile } from "../../../functions/processing/ledger/file";
import { ownerOf, ruleKey, uploadKey } from "../../../functions/processing/ledger/keys";
import { logOf, scan } from "./book";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

const ann = ownerOf("ann");
const iban = "DE89370400440532013000";
const statement = "Date,Description,Amount\n2024-01-30,Coffee,-3.50\n2024-01-31,Salary,2000.00\n";
const consumers = ["analytics", "categorization", "ledger-notification", "audit"];

describe("what follows from a statement in the whole program", function () {
  this.timeout(120_000);
  let shared: Shared;

  const setRules = async (enabled: boolean) => {
    const Command = enabled ? EnableRuleCommand : DisableRuleCommand;
    for (const label of consumers) {
      const Name = `${prefix}${label}`;
      await shared.clients.eventBridge.send(new Command({ Name, EventBusName: shared.outputs.bus.name }));
    }
  };
  before(async () => {
    shared = await sharedCloud();
    await shared.newDay();
    await setRules(true);
  });
  after(async () => {
    await shared.up.settle();
    await setRules(false);
    await shared.newDay();
  });

  const put = (table: string, Item: object) =>
    shared.clients.dynamodb.send(new PutCommand({ TableName: `${prefix}${table}`, Item }));

  const bring = async () => {
    const made = { changeId: "made", at: shared.up.cloud.clock.now() };
    const moment = new Date(made.at).toISOString();
    await put("accounts", newAccount(ann, "main", { name: `Daily ${iban}`, type: "checking", currency: "EUR" }, made));
    await put("category-rules", {
      ...ruleKey(ann, "r1"),
      ruleId: "r1",
      categoryId: "cafe",
      contains: "coffee",
      priority: 1,
      confidence: 1,
      autoApply: true,
      version: 1,
      createdAt: moment,
      updatedAt: moment,
      change_id: "made",
    });
    const fields = { fileName: "f.csv", fileSize: Buffer.byteLength(statement), accountId: "main" };
    await put("files", newFile(ann, "f", fields, made));
    const Bucket = `${prefix}uploads-123456789012`;
    await shared.clients.s3.send(new PutObjectCommand({ Bucket, Key: uploadKey(ann, "f"), Body: statement }));
    await shared.up.idle();
  };
  const typesOf = async (status: string) =>
    (await scan(shared, "event-store"))
      .filter((row) => row["status"] === status)
      .map((row) => String(row["event_type"]))
      .sort();

  it("is computed, put into categories, told and kept, by the roles that the functions have", async () => {
    await bring();
    const analytics = await scan(shared, "analytics-status");
    const of = (key: string) => analytics.find((row) => row["analytics_key"] === key);
    expect(of("RESULT#cash_flow")?.["result"]).to.deep.equal({
      currencies: [
        {
          currency: "EUR",
          months: [{ month: "2024-01", income: 200_000, expenses: 350, net: 199_650, transactions: 2 }],
        },
      ],
    });
    const statuses = JSON.parse(String(of("STATUS")?.["types"])) as Record<string, unknown>;
    for (const type of ["cash_flow", "financial_health"])
      expect(statuses[type], type).to.include({ status: "computed", priority: 2, requested: 1, computed: 1 });
    // Asked for again once the rule was applied, so that the figures know the category.
    expect(statuses["category_trends"]).to.include({ status: "computed", requested: 2, computed: 2 });
    const trends = of("RESULT#category_trends")?.["result"] as {
      currencies: { categories: { categoryId?: string }[] }[];
    };
    expect(trends.currencies[0]?.categories.map(({ categoryId }) => categoryId)).to.deep.equal([undefined, "cafe"]);
    const rows = await scan(shared, "transactions");
    expect(rows.map((row) => [row["description"], row["categoryId"]])).to.have.deep.members([
      ["Coffee", "cafe"],
      ["Salary", undefined],
    ]);
    const told = (await logOf(shared, "ledger-notification")).filter(({ message }) => message === "handled");
    expect(told.map(({ outcome }) => outcome)).to.deep.equal(["told"]);
    expect(JSON.stringify(told)).not.to.include("0532013");
    expect(await typesOf("published")).to.deep.equal([
      "category.rules_applied",
      "file.processed",
      "file.uploaded",
      "transaction.categorized",
    ]);
    expect(await scan(shared, "dead-letters")).to.deep.equal([]);
  });

  it("is known where other teams say the same again, and what they say of their own is kept", async () => {
    const stored = (await scan(shared, "event-store")).find((row) => row["event_type"] === "file.processed");
    const [EventBusName, before] = [shared.outputs.bus.name, await scan(shared, "analytics-status")];
    await shared.clients.eventBridge.send(
      new PutEventsCommand({
        Entries: [
          { EventBusName, Source: "signal9.ledger", DetailType: "file.processed", Detail: String(stored?.["detail"]) },
          { EventBusName, Source: "warehouse", DetailType: "orderShipped", Detail: JSON.stringify({ orderId: 7 }) },
        ],
      }),
    );
    await shared.up.idle();
    expect(await typesOf("observed")).to.deep.equal(["orderShipped"]);
    expect(await scan(shared, "analytics-status")).to.have.deep.members(before);
    expect(await scan(shared, "dead-letters")).to.deep.equal([]);
  });

  it("is had without the bus too, or rehearsed beside it, by the role of the function that does so", async () => {
    const stored = (await scan(shared, "event-store")).find((row) => row["event_type"] === "file.processed");
    const before = await scan(shared, "analytics-status");
    const queue = new GetQueueUrlCommand({ QueueName: `${prefix}direct-triggers` });
    const { QueueUrl } = await shared.clients.sqs.send(queue);
    for (const shadow of [false, true]) {
      const envelope = {
        id: "direct",
        "detail-type": "file.processed",
        source: "signal9.ledger",
        time: new Date(shared.up.cloud.clock.now()).toISOString(),
        shadow,
        detail: JSON.parse(String(stored?.["detail"])),
      };
      await shared.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(envelope) }));
      await shared.up.idle();
    }
    const after = await scan(shared, "analytics-status");
    expect(after.filter(({ owner }) => owner === ann)).to.have.deep.members(before);
    const resultOf = (owner: string) =>
      after.find((row) => row["owner"] === owner && row["analytics_key"] === "RESULT#cash_flow")?.["result"];
    expect(resultOf(`SHADOW#${ann}`)).to.deep.equal(resultOf(ann));
    shared.fire("shadow-comparison");
    await shared.up.idle();
    const handled = (await logOf(shared, "direct-triggers")).filter(({ message }) => message === "handled");
    expect(handled.map(({ outcome }) => outcome)).to.deep.equal([
      "categorization: none, analytics: duplicate, ledger-notification: duplicate",
      "rehearsed",
    ]);
    const compared = (await logOf(shared, "shadow-comparison")).filter(
      ({ message }) => message === "compared the paths",
    );
    expect(compared).to.have.length(1);
    expect(await scan(shared, "dead-letters")).to.deep.equal([]);
  });

  it("leaves the publisher healthy", async () => {
    shared.fire("publisher-health");
    await shared.up.idle();
    const [checked] = (await logOf(shared, "publisher-health")).filter(
      ({ message }) => message === "checked the publisher",
    );
    expect(checked).to.deep.include({
      status: "healthy",
      bus: { reachable: true },
      outbox: { oldestSeconds: 0, overdue: 0 },
    });
  });
});
