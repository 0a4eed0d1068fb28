import { QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import fc from "fast-check";
import { act, moveIn, moveOut, type Person } from "../../../commands/bench/audit/operations";
import { analytics } from "../../../functions/processing/analytics";
import { readBooks } from "../../../functions/processing/analytics/books";
import { cashFlow } from "../../../functions/processing/analytics/cashFlow";
import { categoryTrends } from "../../../functions/processing/analytics/categoryTrends";
import { financialHealth } from "../../../functions/processing/analytics/financialHealth";
import { askingEvents } from "../../../functions/processing/analytics/plan";
import { touchedBy } from "../../../functions/processing/analytics/touched";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { canonical } from "../../../functions/processing/canonical";
import { hears } from "../../../functions/processing/events/definition";
import { receive } from "../../../functions/processing/events/receive";
import { captureOutput } from "../output";
import { batch, context, envelope, type World, world } from "../world";
import { ann, cleanBooks, heard } from "./books";
import { ask, bought, fresh, imported } from "./requests";

const person: Person = {
  ask: (route, request = {}) => ask("ann", route, request),
  bring: (count, accountId) => imported("ann", bought(count), accountId),
};

type Row = Record<string, unknown>;

const keptRows = async (): Promise<Map<string, Row>> => {
  const { Items = [] } = await dynamodb().send(
    new QueryCommand({
      TableName: "analytics-status",
      KeyConditionExpression: "#owner = :owner",
      ExpressionAttributeNames: { "#owner": "owner" },
      ExpressionAttributeValues: { ":owner": ann },
      ConsistentRead: true,
    }),
  );
  return new Map(Items.map((row) => [String(row["analytics_key"]), row]));
};

describe("analytics from the months that changed", () => {
  let real: World;
  before(async () => {
    real = await world();
  });
  beforeEach(() => cleanBooks(real));

  const told = () => heard(real, (type) => hears(askingEvents, type));

  const deliver = async (bodies: readonly string[]): Promise<void> => {
    for (let at = 0; at < bodies.length; at += 10) {
      const { result } = await captureOutput(() => analytics(batch(...bodies.slice(at, at + 10)), context()));
      expect(result.batchItemFailures).to.deep.equal([]);
    }
  };

  /** An event that asks for everything, and changes nothing. */
  const lastAsking = (id: string) =>
    envelope(
      "transactions.deleted",
      { eventId: "the-last", userId: "ann", data: { transactionIds: [id], accountIds: [], deletionType: "single" } },
      { source: "signal9.ledger" },
    );

  const compare = async (): Promise<void> => {
    const [rows, months] = [await keptRows(), await readBooks(ann, fresh())];
    const kept = [...rows].flatMap(([key, row]) =>
      key.startsWith("MONTHS#") ? (JSON.parse(String(row["months"])) as unknown[]) : [],
    );
    expect(canonical(kept)).to.equal(canonical(months));
    for (const [type, figures] of Object.entries({
      cash_flow: cashFlow(months),
      category_trends: categoryTrends(months),
      financial_health: financialHealth(months),
    })) {
      expect(canonical(rows.get(`RESULT#${type}`)?.["result"]), type).to.equal(canonical(figures));
    }
  };

  it("are those from all of the books, byte for byte, whatever was done and however often and late it is told", async function () {
    this.timeout(180_000);
    let incremental = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(9_999), { minLength: 10, maxLength: 20 }),
        fc.array(fc.nat(1_000_000), { minLength: 60, maxLength: 60 }),
        fc.boolean(),
        async (numbers, order, leaves) => {
          await cleanBooks(real);
          const belongings = await moveIn(person);
          await deliver(told());
          const whole = (await keptRows()).get("STATUS")?.["whole_at"];
          const parts: string[][] = [];
          for (const number of numbers) {
            await act(person, belongings, number);
            parts.push(told());
          }
          const bodies = parts.flat();
          // Half of it while things go on, in any order, some of it again; then all of it, in yet another order.
          const shuffled = (by: number) =>
            bodies
              .map((body, at) => [((order[(at + by) % order.length] ?? 0) * 7_919 + at * by) % 1_009, body] as const)
              .sort(([a], [b]) => a - b)
              .map(([, body]) => body);
          await deliver(shuffled(1).slice(0, Math.ceil(bodies.length / 2)));
          await deliver([...shuffled(13), ...shuffled(29).slice(0, 5)]);
          const standing = (await keptRows()).get("STATUS");
          expect(standing?.["stale"]).to.deep.equal([]);
          if (bodies.length > 0 && standing?.["whole_at"] === whole) incremental++;
          if (leaves) {
            await moveOut(person, belongings);
            await deliver(told());
          }
          await deliver([lastAsking(belongings.ids[0] ?? "")]);
          await compare();
        },
      ),
      { numRuns: 6, seed: 11 },
    );
    expect(incremental).to.be.greaterThan(3);
  });

  it("are from all of the books where an event names what is nowhere to be found", async () => {
    await imported("ann", bought(1));
    const [body = ""] = heard(real);
    const named = (...transactionIds: string[]) => {
      const told = JSON.parse(body) as { detail: { data: object } };
      return receive(
        JSON.stringify({ ...told, detail: { ...told.detail, data: { ...told.detail.data, transactionIds } } }),
        askingEvents,
      );
    };
    const event = named("nowhere");
    expect((await touchedBy(ann, [event], fresh())).get(event)).to.equal("all");
  });

  it("read no month that nothing happened to, and all of them once a day", async () => {
    await imported("ann", [
      ...bought(2, { date: "2026-01-15" }, "january"),
      ...bought(2, { date: "2026-02-15" }, "february"),
    ]);
    await deliver(told());
    const first = await keptRows();
    // What no event tells of is not seen, until all is read again.
    await ask("ann", "PATCH /transactions/{transactionId}", {
      params: { transactionId: "january-0000" },
      body: { amount: -77 },
    });
    told();
    await ask("ann", "PATCH /transactions/{transactionId}", {
      params: { transactionId: "february-0000" },
      body: { amount: -88 },
    });
    await deliver(told());
    const flow = (rows: Map<string, Row>) =>
      (rows.get("RESULT#cash_flow")?.["result"] as ReturnType<typeof cashFlow> | undefined)?.currencies[0]?.months.map(
        ({ expenses }) => expenses,
      );
    const second = await keptRows();
    expect(second.get("STATUS")?.["whole_at"]).to.equal(first.get("STATUS")?.["whole_at"]);
    expect([flow(first), flow(second)]).to.deep.equal([
      [2_001, 2_001],
      [2_001, 1_089],
    ]);
    await dynamodb().send(
      new UpdateCommand({
        TableName: "analytics-status",
        Key: { owner: ann, analytics_key: "STATUS" },
        UpdateExpression: "SET whole_at = :before",
        ExpressionAttributeValues: { ":before": new Date(Date.now() - 2 * 86_400_000).toISOString() },
      }),
    );
    await deliver([lastAsking("february-0001")]);
    expect(flow(await keptRows())).to.deep.equal([1_078, 1_089]);
    await compare();
  });

  it("are those of all pages, where the books are longer than one", async function () {
    this.timeout(60_000);
    const dates = ["2026-01-15", "2026-02-15", "2026-03-15"];
    for (const date of dates) await imported("ann", bought(400, { date }, `of-${date}`));
    await deliver(told());
    await compare();
    const months = await readBooks(ann, fresh());
    expect(months.map(({ month, transactions }) => [month, transactions])).to.deep.equal([
      ["2026-01", 400],
      ["2026-02", 400],
      ["2026-03", 400],
    ]);
  });

  it("take a transaction out of the month that it left, in whatever order its moves are told", async () => {
    await imported("ann", bought(3, { date: "2026-01-15" }, "moved"));
    await deliver(told());
    const params = { transactionId: "moved-0000" };
    await ask("ann", "PATCH /transactions/{transactionId}", { params, body: { date: "2025-12-31" } });
    const [first = ""] = told();
    await deliver([first]);
    await ask("ann", "PATCH /transactions/{transactionId}", { params, body: { date: "2026-02-01" } });
    await ask("ann", "PATCH /transactions/{transactionId}", { params, body: { date: "2026-03-01", amount: 5 } });
    const [second = "", third = ""] = told();
    await deliver([third]);
    await deliver([second, first]);
    await deliver([lastAsking("moved-0000")]);
    await compare();
    expect((await keptRows()).get("STATUS")).to.deep.include({ stale: [], years: ["2026"] });
  });
});
