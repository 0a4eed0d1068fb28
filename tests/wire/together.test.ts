import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { puttingTogether } from "../../functions/processing/aws/putTogether";
import { readTogether } from "../../functions/processing/aws/readTogether";
import { writeTogether } from "../../functions/processing/aws/writeTogether";
import type { Run } from "../../functions/processing/consume/run";
import { Failure } from "../../functions/processing/failure";
import { captureOutput } from "./output";
import { noting } from "./run";
import { type Fault, withFaults } from "./stream/faults";
import { emptyTables } from "./tables";
import { world } from "./world";

const table = "effects";
const key = (id: string) => ({ effect_id: id });
const fresh = (id: string, more: Record<string, unknown> = {}) => ({
  Put: { TableName: table, Item: { ...key(id), ...more }, ConditionExpression: "attribute_not_exists(effect_id)" },
});

const kept = async (id: string): Promise<Record<string, unknown> | undefined> =>
  (await dynamodb().send(new GetCommand({ TableName: table, Key: key(id), ConsistentRead: true }))).Item;

const failureOf = async (written: Promise<void>): Promise<Failure | undefined> => {
  const error = await written.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error !== undefined && !(error instanceof Failure)) throw error;
  return error;
};

describe("what several events read and write at the same time", () => {
  before(() => world());
  beforeEach(() => emptyTables(table));

  it("is read in one call, and each gets its own, in the order in which it asked", async () => {
    const { run, calls } = noting();
    await writeTogether([fresh("a", { size: 1 }), fresh("b", { size: 2 }), fresh("c", { size: 3 })], run);
    calls.length = 0;
    const ask = (attributes: string[] | undefined, ...ids: string[]) =>
      readTogether(table, ids.map(key), attributes, run);
    const whole = await Promise.all([ask(undefined, "b", "a"), ask(undefined, "x", "a"), ask(undefined)]);
    expect(whole).to.deep.equal([
      [
        { effect_id: "b", size: 2 },
        { effect_id: "a", size: 1 },
      ],
      [{ effect_id: "a", size: 1 }],
      [],
    ]);
    expect(calls).to.deep.equal(["BatchGetItem"]);
    const parts = await Promise.all([ask(["size"], "c"), ask(undefined, "c"), ask(["size"], "a")]);
    expect(parts.map(([row]) => row?.["size"])).to.deep.equal([3, 3, 1]);
    expect(calls).to.have.length(3);
  });

  it("is read in as many calls as it needs", async () => {
    const { run, calls } = noting();
    const ids = Array.from({ length: 240 }, (_, at) => `row-${at}`);
    await Promise.all(ids.map((id) => writeTogether([fresh(id)], run)));
    expect(calls.splice(0)).to.deep.equal(Array(3).fill("TransactWriteItems"));
    const [some, more, all] = await Promise.all([
      readTogether(table, ids.slice(0, 60).map(key), undefined, run),
      readTogether(table, ids.slice(60, 120).map(key), undefined, run),
      readTogether(table, ids.map(key), undefined, run),
    ]);
    expect([some?.length, more?.length]).to.deep.equal([60, 60]);
    expect(all?.map((row) => row["effect_id"])).to.deep.equal(ids);
    expect(calls).to.have.length(1 + 1 + 3);
  });

  it("is written in one transaction, and a condition that fails fails only whose it is", async () => {
    const { run, calls } = noting();
    await writeTogether([fresh("taken")], run);
    expect(calls.splice(0)).to.deep.equal(["PutItem"]);
    const written = [[fresh("a"), fresh("b")], [fresh("c"), fresh("taken")], [fresh("d")]].map((items) =>
      failureOf(writeTogether(items, run)),
    );
    const [first, second, third] = await Promise.all(written);
    expect([first, third]).to.deep.equal([undefined, undefined]);
    expect(second).to.include({ category: "conflict", conditionFailed: true, origin: "dynamodb" });
    expect(calls).to.deep.equal(["TransactWriteItems", "TransactWriteItems"]);
    const ids = ["a", "b", "c", "d"];
    expect((await Promise.all(ids.map(kept))).map(Boolean)).to.deep.equal([true, true, false, true]);
  });

  it("is no conflict with itself where the answer was lost", async () => {
    let writes = 0;
    const losing = (operation: string): Fault | undefined =>
      operation === "TransactWriteItems" && ++writes === 1 ? "lost" : undefined;
    const { run } = noting();
    const writeBoth = () => Promise.all(["a", "b"].map((id) => writeTogether([fresh(id)], run)));
    await captureOutput(() => withFaults(losing, writeBoth));
    expect(writes).to.equal(2);
  });

  it("is written apart where one of them spoils it for all, and where it would be too long for a transaction", async () => {
    const { run, calls } = noting();
    const wrong = { Put: { TableName: table, Item: { other: "no key" } } };
    const twins = [[fresh("twin")], [fresh("twin")], [wrong], [fresh("a")]].map((items) =>
      failureOf(writeTogether(items, run)),
    );
    const ended = await Promise.all(twins);
    expect(ended.map((failure) => failure?.category)).to.have.members(["conflict", undefined, "permanent", undefined]);
    expect(ended.at(-1)).to.equal(undefined);
    expect(await Promise.all(["twin", "a"].map(kept))).to.not.include(undefined);
    calls.length = 0;
    const long = 1_500_000;
    await Promise.all(["l", "m", "n"].map((id) => writeTogether([fresh(id)], run, long)));
    expect(calls).to.deep.equal(["PutItem", "PutItem", "PutItem"]);
  });

  it("is put in as few calls as hold it, and one row that is no good spoils only whose it is", async () => {
    const { run, calls } = noting();
    const put = puttingTogether(() => table);
    const rows = (name: string, count: number) => Array.from({ length: count }, (_, at) => key(`${name}-${at}`));
    await Promise.all([put(rows("a", 20), run), put(rows("b", 10), run), put(rows("c", 60), run), put([], run)]);
    expect(calls.splice(0)).to.deep.equal(Array(5).fill("BatchWriteItem"));
    const found = await Promise.all(["a-19", "b-9", "c-0", "c-59"].map(kept));
    expect(found.map((row) => row?.["effect_id"])).to.deep.equal(["a-19", "b-9", "c-0", "c-59"]);
    const ended = await Promise.all(
      [[key("d")], [{ other: "no key" }], [key("e")]].map((own) => failureOf(put(own, run))),
    );
    expect(ended.map((failure) => failure?.category)).to.deep.equal([undefined, "permanent", undefined]);
    expect((await Promise.all(["d", "e"].map(kept))).map(Boolean)).to.deep.equal([true, true]);
  });

  it("fails for all of them in an outage, and is not asked for again by each", async () => {
    const { run, calls } = noting();
    const out: Run = {
      ...run,
      call: async (operation) => {
        calls.push(operation);
        throw new Failure("unavailable", "nobody there", { origin: "network" });
      },
    };
    const written = ["a", "b"].map((id) => failureOf(writeTogether([fresh(id)], out)));
    expect((await Promise.all(written)).map((failure) => failure?.message)).to.deep.equal(
      Array(2).fill("nobody there"),
    );
    const read = ["a", "b"].map((id) => readTogether(table, [key(id)], undefined, out).catch((error) => error.message));
    expect(await Promise.all(read)).to.deep.equal(["nobody there", "nobody there"]);
    const put = puttingTogether(() => table);
    const putting = await Promise.all(["a", "b"].map((id) => failureOf(put([key(id)], out))));
    expect(putting.map((failure) => failure?.message)).to.deep.equal(["nobody there", "nobody there"]);
    expect(calls).to.deep.equal(["TransactWriteItems", "BatchGetItem", "BatchWriteItem"]);
  });
});
