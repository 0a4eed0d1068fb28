import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import fc from "fast-check";
import {
  historyOf,
  type LedgerTable,
  lastOf,
  ledgerTables,
  missingIn,
  stateOf,
} from "../../../commands/bench/audit/history";
import { act, moveIn, moveOut, type Person } from "../../../commands/bench/audit/operations";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { emptyTables } from "../tables";
import { world } from "../world";
import { ask, bought, imported } from "./requests";
import { type Row, rowsOf } from "./rows";

const state = async (): Promise<string[]> => {
  const rows = await Promise.all(ledgerTables.map(async (table) => [table, await rowsOf(table)] as const));
  return stateOf(Object.fromEntries(rows) as Record<LedgerTable, Row[]>);
};

const ann: Person = {
  ask: (route, request = {}) => ask("ann", route, request),
  bring: (count, accountId) => imported("ann", bought(count), accountId),
};

describe("the ledger's history", () => {
  before(world);

  it("has every change, so that the tables can be made anew from it, byte for byte", async () => {
    await emptyTables(...ledgerTables, "event-store", "effects");
    const belongings = await moveIn(ann);
    const answers: number[] = [];
    for (const number of fc.sample(fc.nat(9_999), { numRuns: 200, seed: 7 })) {
      answers.push(await act(ann, belongings, number));
    }
    await moveOut(ann, belongings);
    expect(answers.filter((status) => status < 300).length).to.be.greaterThan(120);
    expect(Math.max(...answers)).to.be.lessThan(500);
    const before = await state();
    const history = historyOf(await rowsOf("event-store"));
    expect(missingIn(history)).to.deep.equal([]);
    await emptyTables(...ledgerTables);
    expect(await state()).to.deep.equal([]);
    for (const { table, after } of lastOf(history)) {
      await dynamodb().send(new PutCommand({ TableName: table, Item: after }));
    }
    expect(before.length).to.be.greaterThan(60);
    expect(await state()).to.deep.equal(before);
  });

  it("shows where a change was not recorded", () => {
    const image = (version: number) => ({ images: [{ table: "accounts", key: { owner: "a" }, version }] });
    expect(missingIn(historyOf([image(1), image(3)]))).to.deep.equal(['version 2 of ["accounts",{"owner":"a"}]']);
  });
});
