import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { analyticsTypes } from "../../../functions/processing/analytics/plan";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { canonical } from "../../../functions/processing/canonical";
import { compare, patienceMs, settledAfterMs } from "../../../functions/processing/shadow/compare";
import { shadowComparison } from "../../../functions/processing/shadowComparison";
import { captureOutput } from "../output";
import { goesAfter } from "../tables";
import { context } from "../world";
import { type Paths, startPaths } from "./paths";
import { account, ask, bought, fresh, imported } from "./requests";
import { rowsOf } from "./rows";

/** Somebody's day: everything of which an effect hears. */
const day = async (paths: Paths): Promise<void> => {
  await ask("ann", "POST /rules", { body: { categoryId: "shops", contains: "Shop", autoApply: true } });
  const accountId = await account("ann");
  const { ids } = await imported("ann", bought(12), accountId);
  const [first = "", second = "", third = ""] = ids;
  await paths.directly();
  await ask("ann", "PATCH /transactions/{transactionId}", { params: { transactionId: first }, body: { amount: -77 } });
  await paths.overBus();
  const edit = { transactionIds: [second, third], edit: { categoryId: "gifts" } };
  await ask("ann", "POST /transactions/bulk-edit", { body: edit });
  await ask("ann", "DELETE /transactions/{transactionId}", { params: { transactionId: third } });
  const other = await account("ann", { name: "Old" });
  await imported("ann", bought(3), other);
  await paths.settle();
  await ask("ann", "DELETE /accounts/{accountId}", { params: { accountId: other } });
  await paths.settle();
};

describe("the ledger's events by the bus and by direct triggers, side by side", function () {
  this.timeout(30_000);
  let paths: Paths;
  before(async () => {
    paths = await startPaths();
  });
  beforeEach(() => paths.clean());
  after(() => paths.end());

  const results = async (owner: string) =>
    (await rowsOf("analytics-status"))
      .filter((row) => row["owner"] === owner && String(row["analytics_key"]).startsWith("RESULT#"))
      .map((row) => canonical([row["analytics_key"], row["result"]]))
      .sort();
  const compared = async (afterMs: number) => {
    const run = fresh(Date.now() + afterMs);
    const { result } = await captureOutput(() => compare(run));
    return { result, counted: run.counted };
  };
  const differences = async () =>
    (await rowsOf("event-store"))
      .filter((row) => row["event_type"] === "shadow.difference")
      .map((row) => JSON.parse(String(row["detail"])).data);

  it("come to the same analytics, byte for byte, and are found to have done the same", async () => {
    paths.set(true, true);
    const before = Date.now();
    await day(paths);
    const rehearsals = (await rowsOf("effects")).filter((row) => String(row["effect_id"]).startsWith("SHADOW#"));
    expect(rehearsals).not.to.deep.equal([]);
    for (const row of rehearsals) expect(row["expires_at"]).to.be.within(goesAfter(7, before), goesAfter(7));
    const ours = await results("USER#ann");
    expect(ours).to.have.length(analyticsTypes.length);
    expect(await results("SHADOW#USER#ann")).to.deep.equal(ours);
    const waiting = (await rowsOf("event-store")).filter((row) => row["shadow"] !== undefined);
    expect(waiting.length).to.be.greaterThan(6);
    expect((await compared(0)).result).to.include({ same: 0, waiting: 0 });
    const { result, counted } = await compared(settledAfterMs + 5_000);
    expect(result).to.deep.equal({ same: waiting.length, different: 0, unsure: 0, waiting: 0, end: "done" });
    expect(counted).to.include({ ShadowSame: waiting.length });
    expect((await compared(patienceMs * 2)).result).to.include({ same: 0, different: 0 });
    expect(await differences()).to.deep.equal([]);
    // Rehearsed only: one message of each kind, and each transaction in its category once.
    expect((await paths.inbox.take()).map(({ kind }) => kind).sort()).to.deep.equal([
      "account.deleted",
      "file.processed",
      "transactions.deleted",
    ]);
    const categorized = (await rowsOf("event-store")).filter((row) => row["event_type"] === "transaction.categorized");
    expect(
      categorized.filter((row) => JSON.parse(String(row["detail"])).data.assignmentType === "rule_based"),
    ).to.have.length(15);
  });

  const importedWith = async (tamper: {
    bus?: (body: string) => string | undefined;
    direct?: (body: string) => string | undefined;
  }) => {
    paths.set(true, true);
    await ask("ann", "POST /rules", { body: { categoryId: "shops", contains: "Shop", autoApply: true } });
    await paths.settle();
    await compared(settledAfterMs + 5_000);
    await imported("ann", bought(4));
    await paths.directly(tamper.direct);
    await paths.overBus(tamper.bus);
    await paths.settle();
  };
  const told = async () => {
    expect((await compared(settledAfterMs + 5_000)).result.different).to.equal(0);
    const { result, counted } = await compared(patienceMs + 5_000);
    const found = await differences();
    return { result, counted, found: found.find(({ eventType }) => eventType === "file.processed")?.differences };
  };

  it("are told apart where the direct path lost an event", async () => {
    await importedWith({ direct: () => undefined });
    const { counted, found } = await told();
    expect(counted).to.include({ ShadowMissing: 1 });
    expect(found).to.deep.equal([
      { consumer: "direct-triggers", difference: "missing_direct", told: "the event was not rehearsed" },
    ]);
  });

  it("are told apart where the bus lost an event, with each effect that is missing", async () => {
    await importedWith({ bus: (body) => (body.includes("file.processed") ? undefined : body) });
    const { counted, found } = await told();
    expect(counted).to.include({ ShadowMissing: 1 });
    expect(found.map(({ consumer, difference }: Record<string, unknown>) => [consumer, difference])).to.deep.equal([
      ["categorization", "missing_events"],
      ["analytics", "missing_events"],
      ["ledger-notification", "missing_events"],
    ]);
  });

  it("are told apart where one of them was given less than the other", async () => {
    const half = (body: string) => {
      const event = JSON.parse(body);
      if (event["detail-type"] === "file.processed") event.detail.data.transactionIds.splice(2);
      return JSON.stringify(event);
    };
    await importedWith({ bus: half });
    const { counted, found } = await told();
    expect(counted).to.include({ ShadowDifferent: 1 });
    expect(found).to.have.length(1);
    expect(found[0]).to.include({ consumer: "categorization", difference: "different" });
  });

  it("are told apart where figures came out otherwise over the same books, by the alarm's metric and an event", async () => {
    await importedWith({});
    await dynamodb().send(
      new UpdateCommand({
        TableName: "analytics-status",
        Key: { owner: "SHADOW#USER#ann", analytics_key: "RESULT#cash_flow" },
        UpdateExpression: "SET #result = :wrong",
        ExpressionAttributeNames: { "#result": "result" },
        ExpressionAttributeValues: { ":wrong": { currencies: [] } },
      }),
    );
    const { counted, found } = await told();
    expect(counted).to.include({ ShadowDifferent: 1 });
    expect(found).to.deep.equal([
      {
        consumer: "analytics",
        difference: "different",
        told: "cash_flow has other figures, from the same transactions",
      },
    ]);
    const row = (await rowsOf("event-store")).find(({ event_type }) => event_type === "shadow.difference");
    expect(row).to.include({ user_id: "ann", status: "published" });
  });

  /** An edit of which only the direct path hears; both read their books again a good while later. */
  const editedUnheard = async () => {
    await importedWith({});
    const [row] = await rowsOf("transactions");
    const params = { transactionId: String(row?.["transactionId"]) };
    await ask("ann", "PATCH /transactions/{transactionId}", { params, body: { amount: -9 } });
    await paths.directly();
    await paths.overBus(() => undefined);
    for (const owner of ["USER#ann", "SHADOW#USER#ann"]) {
      await dynamodb().send(
        new UpdateCommand({
          TableName: "analytics-status",
          Key: { owner, analytics_key: "RESULT#cash_flow" },
          UpdateExpression: "SET rests_on.read_at = :later",
          ExpressionAttributeValues: { ":later": new Date(Date.now() + 60_000).toISOString() },
        }),
      );
    }
  };

  it("may differ as long as one of them has not heard of a change, however long ago it was made", async () => {
    await editedUnheard();
    const { counted, found } = await told();
    expect(found).to.equal(undefined);
    expect(counted).to.include({ ShadowUnsure: 1, ShadowMissing: 1 });
  });

  it("are told apart where figures differ though both have heard of every change", async () => {
    await editedUnheard();
    const mark = (await rowsOf("analytics-status")).find(
      (row) => row["owner"] === "SHADOW#USER#ann" && row["event_type"] === "transaction.updated",
    );
    await dynamodb().send(new PutCommand({ TableName: "analytics-status", Item: { ...mark, owner: "USER#ann" } }));
    const { found } = await told();
    expect(found).to.deep.equal([
      { consumer: "analytics", difference: "different", told: "cash_flow has other figures, from other transactions" },
    ]);
  });

  it("that a run of the schedule compares, as it is deployed", async () => {
    const { result } = await captureOutput(() =>
      shadowComparison({ trigger: "compare", time: "2026-10-29T12:00:00Z" }, context()),
    );
    expect(result).to.deep.equal({ same: 0, different: 0, unsure: 0, waiting: 0, end: "done" });
  });
});
