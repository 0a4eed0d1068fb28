import { PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import fc from "fast-check";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import type { Image } from "../../../functions/processing/outbox/record";
import { emptyTables } from "../tables";
import { world } from "../world";
import { account, ask, bought, imported } from "./requests";

const ledgerTables = ["accounts", "files", "transactions", "category-rules"] as const;

const scan = async (TableName: string): Promise<Record<string, unknown>[]> => {
  const rows: Record<string, unknown>[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await dynamodb().send(
      new ScanCommand({ TableName, ConsistentRead: true, ...(start && { ExclusiveStartKey: start }) }),
    );
    rows.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return rows;
};

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, one]) => [key, sorted(one)]),
        )
      : value;

const state = async (): Promise<string[]> =>
  (
    await Promise.all(
      ledgerTables.map(async (table) => (await scan(table)).map((row) => JSON.stringify([table, sorted(row)]))),
    )
  )
    .flat()
    .sort();

describe("the ledger's history", () => {
  before(world);

  it("has every change, so that the tables can be made anew from it, byte for byte", async () => {
    await emptyTables(...ledgerTables, "event-store", "effects");
    const random = fc.sample(fc.nat(9_999), { numRuns: 200, seed: 7 });
    const accountIds = [await account("ann"), await account("ann")];
    const ids = (await imported("ann", bought(40), accountIds[0])).ids;
    const files = [(await imported("ann", bought(20))).fileId];
    const rules: string[] = [];
    for (const number of random) {
      const transactionId = ids[number % ids.length] ?? "";
      const accountId = accountIds[number % accountIds.length] ?? "";
      const work = [
        () =>
          ask("ann", "PATCH /transactions/{transactionId}", { params: { transactionId }, body: { amount: number } }),
        () => ask("ann", "PATCH /accounts/{accountId}", { params: { accountId }, body: { name: `Name ${number}` } }),
        () =>
          ask("ann", "PATCH /transactions/{transactionId}", {
            params: { transactionId },
            body: { accountId, categoryId: `c${number % 3}` },
          }),
        () => ask("ann", "DELETE /transactions/{transactionId}", { params: { transactionId } }),
        async () => {
          const made = await ask("ann", "POST /rules", { body: { categoryId: "x", contains: `Shop ${number % 9}` } });
          rules.push(String(made.body.ruleId));
        },
        () => ask("ann", "DELETE /rules/{ruleId}", { params: { ruleId: rules.shift() ?? "none" } }),
        () => ask("ann", "POST /rules/apply", { body: {} }),
        () => ask("ann", "PUT /files/{fileId}/account", { params: { fileId: files[0] ?? "" }, body: { accountId } }),
      ];
      await work[number % work.length]?.();
    }
    await ask("ann", "DELETE /files/{fileId}", { params: { fileId: files[0] ?? "" } });
    await ask("ann", "DELETE /accounts/{accountId}", { params: { accountId: accountIds[1] ?? "" } });
    const before = await state();
    const latest = new Map<string, Image>();
    for (const event of await scan("event-store")) {
      for (const image of (event["images"] ?? []) as Image[]) {
        const key = JSON.stringify([image.table, sorted(image.key)]);
        if (image.version > (latest.get(key)?.version ?? 0)) latest.set(key, image);
      }
    }
    await emptyTables(...ledgerTables);
    expect(await state()).to.deep.equal([]);
    for (const { table, after } of latest.values()) {
      if (after) await dynamodb().send(new PutCommand({ TableName: table, Item: after }));
    }
    expect(before.length).to.be.greaterThan(60);
    expect(await state()).to.deep.equal(before);
  });
});
