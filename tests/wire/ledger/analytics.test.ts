import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { analytics } from "../../../functions/processing/analytics";
import { ask } from "../../../functions/processing/analytics/ask";
import { compute } from "../../../functions/processing/analytics/compute";
import type { AskingEvent } from "../../../functions/processing/analytics/plan";
import { planOf } from "../../../functions/processing/analytics/plan";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { captureOutput } from "../output";
import { goesAfter } from "../tables";
import { batch, context, envelope, type World, world } from "../world";
import { ann, cleanBooks, edited, fresh, heard, imported, spent, start } from "./books";

const rowsOf = async (owner: string) =>
  (
    await dynamodb().send(
      new QueryCommand({
        TableName: "analytics-status",
        KeyConditionExpression: "#owner = :owner",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: { ":owner": owner },
      }),
    )
  ).Items ?? [];

const rowOf = async (owner: string, key: string) =>
  (await dynamodb().send(new GetCommand({ TableName: "analytics-status", Key: { owner, analytics_key: key } }))).Item;

const statusOf = async (owner: string, type: string) =>
  JSON.parse((await rowOf(owner, "STATUS"))?.["types"] ?? "{}")[type];

const told = (type: string, eventId: string, data: unknown, userId: string | undefined = "ann"): string =>
  envelope(type, { eventId, userId, data }, { source: "signal9.ledger" });

const deleted = (eventId: string) =>
  told("transactions.deleted", eventId, { transactionIds: ["a"], accountIds: [], deletionType: "single" });

/** Whether an event had not asked before. */
const asksAnew = async (event: AskingEvent): Promise<boolean> => {
  const plan = planOf(event);
  if (!plan) throw new Error("no plan");
  return (await ask(ann, [{ event, plan }], fresh())).news.has(event.eventId);
};

describe("the analytics consumer", () => {
  let real: World;
  before(async () => {
    real = await world();
  });
  beforeEach(() => cleanBooks(real));

  const hear = async (...bodies: string[]) => {
    const { result, lines } = await captureOutput(() => analytics(batch(...bodies), context()));
    return {
      failed: result.batchItemFailures.length,
      outcomes: lines.flatMap(({ outcome }) => (outcome ? [outcome] : [])),
    };
  };

  it("computes all of a statement, and says what the figures rest on", async () => {
    await imported(ann, "f", [spent("a", -1_000), spent("b", 5_000), spent("c", -70, { currency: "JPY" })]);
    expect(await hear(...heard(real))).to.deep.equal({ failed: 0, outcomes: ["computed"] });
    const result = await rowOf(ann, "RESULT#cash_flow");
    expect(result?.["version"]).to.equal(1);
    expect(result?.["rests_on"]).to.include({ transactions: 3, requested: 1 });
    expect(result?.["result"].currencies[0]).to.deep.equal({
      currency: "EUR",
      months: [{ month: "2026-10", income: 5_000, expenses: 1_000, net: 4_000, transactions: 2 }],
    });
    for (const type of ["cash_flow", "category_trends", "financial_health"]) {
      expect(await statusOf(ann, type)).to.include({
        status: "computed",
        priority: 2,
        requested: 1,
        computed: 1,
      });
      expect((await rowOf(ann, `RESULT#${type}`))?.["result"].currencies).to.have.length(2);
    }
  });

  it("asks for the cash flow alone where one transaction was edited, and for nothing where an account is new", async () => {
    await imported(ann, "f", [spent("a", -1_000)]);
    await hear(...heard(real));
    await edited(ann, "a", { amount: -1_500 });
    expect((await hear(...heard(real))).outcomes).to.deep.equal(["computed"]);
    expect(await rowOf(ann, "RESULT#cash_flow")).to.deep.include({ version: 2 });
    expect((await rowOf(ann, "RESULT#cash_flow"))?.["result"].currencies[0].months[0].expenses).to.equal(1_500);
    expect(await statusOf(ann, "cash_flow")).to.include({ priority: 3, requested: 2, computed: 2 });
    expect(await statusOf(ann, "financial_health")).to.include({ priority: 2, requested: 1 });
    const account = { accountId: "x", accountName: "Mine", accountType: "cash", currency: "EUR" };
    expect((await hear(told("account.created", "e-1", account, "eve"))).outcomes).to.deep.equal(["none"]);
    const rows = await rowsOf("USER#eve");
    expect(rows.map((row) => row["analytics_key"])).to.deep.equal(["EVENT#e-1"]);
    expect(rows[0]).to.deep.include({ priority: 3, types: [] });
  });

  it("asks once an event, however often and in whatever order it comes, and ends with the same figures", async () => {
    await imported(ann, "f", [spent("a", -1_000), spent("b", 300)]);
    await edited(ann, "a", { amount: -2_000 });
    const bodies = heard(real);
    await hear(...bodies.toReversed(), ...bodies);
    expect((await hear(...bodies)).outcomes).to.deep.equal(["duplicate", "duplicate"]);
    expect(await statusOf(ann, "cash_flow")).to.include({ status: "computed", requested: 2, computed: 2 });
    expect((await rowOf(ann, "RESULT#cash_flow"))?.["result"].currencies[0].months[0]).to.include({
      income: 300,
      expenses: 2_000,
    });
  });

  it("goes on where it was cut off between asking and computing", async () => {
    await imported(ann, "f", [spent("a", -1_000)]);
    const [body = ""] = heard(real);
    const detail = JSON.parse(body).detail;
    const event = { ...detail, payload: detail.data } as AskingEvent;
    expect(await asksAnew(event)).to.equal(true);
    expect((await rowOf(ann, `EVENT#${event.eventId}`))?.["expires_at"]).to.equal(goesAfter(30, start));
    expect(await statusOf(ann, "cash_flow")).to.include({ status: "pending" });
    expect((await hear(body)).outcomes).to.deep.equal(["computed"]);
    expect(await statusOf(ann, "cash_flow")).to.include({ status: "computed", requested: 1 });
  });

  it("keeps the most urgent of what waits, and stores no figures that have not seen a later asking", async () => {
    await imported(ann, "f", [spent("a", -1_000)]);
    const waiting = (eventId: string, eventType: string): AskingEvent =>
      ({ eventId, eventType, correlationId: eventId, payload: {} }) as unknown as AskingEvent;
    const asking = async (eventId: string, eventType: string) => {
      return asksAnew(waiting(eventId, eventType));
    };
    await asking("e-1", "account.deleted");
    await asking("e-2", "transaction.updated");
    expect(await statusOf(ann, "cash_flow")).to.include({ priority: 1, requested: 2, asked_by: "e-2" });
    await Promise.all([compute(ann, fresh()), asking("e-3", "transaction.updated"), compute(ann, fresh())]);
    await compute(ann, fresh());
    expect(await statusOf(ann, "cash_flow")).to.include({ status: "computed", requested: 3, computed: 3 });
    expect((await rowOf(ann, "RESULT#cash_flow"))?.["rests_on"]).to.include({ requested: 3 });
  });

  it("sees nothing of what its owner cannot see, and nobody else's", async () => {
    await imported(ann, "f", [spent("a", -1_000)]);
    await imported("USER#bob", "g", [spent("b", -9_999)]);
    await hear(...heard(real));
    expect((await rowOf(ann, "RESULT#cash_flow"))?.["result"].currencies[0].months[0].expenses).to.equal(1_000);
    expect((await rowOf("USER#bob", "RESULT#cash_flow"))?.["result"].currencies[0].months[0].expenses).to.equal(9_999);
  });

  it("sends to the dead letters what does not say whose books it is about, and gives back what it has no time for", async () => {
    const nobody = envelope(
      "transactions.deleted",
      { data: JSON.parse(deleted("e")).detail.data },
      { source: "signal9.ledger" },
    );
    await hear(nobody);
    const [letter] = await real.deadLetters.take();
    expect(letter?.MessageAttributes?.["field"]?.StringValue).to.equal("detail.userId");
    const { result } = await captureOutput(() => analytics(batch(deleted("e-9")), context(1_000)));
    expect(result.batchItemFailures).to.have.length(1);
    expect((await hear(deleted("e-9"))).outcomes).to.deep.equal(["computed"]);
  });
});
