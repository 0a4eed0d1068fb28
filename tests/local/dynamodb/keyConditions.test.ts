import { type QueryCommandInput as Raw, ScanCommand } from "@aws-sdk/client-dynamodb";
import { PutCommand, QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { refusal } from "../failure";
import { startTableWorld, type TableWorld } from "./tableWorld";

const TableName = "visits";
const keySchemas = [
  { attributeName: "place", keyType: "HASH" },
  { attributeName: "rank", keyType: "RANGE" },
];
const table = {
  name: TableName,
  billingMode: "PAY_PER_REQUEST",
  hashKey: "who",
  rangeKey: "day",
  attributes: [
    { name: "who", type: "S" },
    { name: "day", type: "S" },
    { name: "place", type: "S" },
    { name: "rank", type: "N" },
  ],
  globalSecondaryIndexes: [{ name: "by-place", keySchemas, projectionType: "ALL" }],
};

const days = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"];
const long = "€".repeat(683);

describe("conditions on keys on the embedded DynamoDB", () => {
  let world: TableWorld;
  before(async () => {
    world = await startTableWorld(table);
    for (const [at, day] of days.entries()) {
      await world.items.send(new PutCommand({ TableName, Item: { who: "ann", day, place: "home", rank: at * 5 } }));
    }
  });
  after(() => world.close());

  const query = (condition: string, values: Record<string, unknown>, more: Partial<QueryCommandInput> = {}) =>
    world.items.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: condition,
        ExpressionAttributeValues: { ":who": "ann", ...values },
        ...(condition.includes("#day") && { ExpressionAttributeNames: { "#day": "day", "#who": "who" } }),
        ...more,
      }),
    );
  const outside =
    "ValidationException: The provided starting key is outside query boundaries based on provided conditions";
  const mismatch = "ValidationException: The provided starting key does not match the range key predicate";

  it("hold for the key at which a query starts, too", async () => {
    const start = (day: string, who = "ann") => ({ ExclusiveStartKey: { who, day } });
    const conditions: [condition: string, values: Record<string, unknown>, fits: string[]][] = [
      ["#who = :who AND #day BETWEEN :a AND :b", { ":a": "2026-02", ":b": "2026-04" }, days.slice(1, 4)],
      ["(#day between :a and :b) and (#who = :who)", { ":a": "2026-02", ":b": "2026-04" }, days.slice(1, 4)],
      ["#who = :who AND begins_with(#day, :a)", { ":a": "2026-03" }, days.slice(2, 3)],
      ["#who = :who AND #day > :a", { ":a": "2026-04" }, days.slice(4)],
      ["#who = :who AND #day >= :a", { ":a": "2026-04" }, days.slice(3)],
      ["#who = :who AND #day < :a", { ":a": "2026-02" }, days.slice(0, 1)],
      ["#who = :who AND #day <= :a", { ":a": "2026-02" }, days.slice(0, 2)],
      ["#who = :who AND #day = :a", { ":a": "2026-02" }, days.slice(1, 2)],
    ];
    for (const [condition, values, fits] of conditions) {
      for (const day of days) {
        const end = await refusal(query(condition, values, start(day)));
        expect(end, `${condition}: ${day}`).to.equal(fits.includes(day) ? "it succeeded" : mismatch);
      }
      expect(await refusal(query(condition, values, start(fits[0] ?? "", "bob")))).to.equal(outside);
    }
    const { Items = [] } = await query("who = :who", {}, start("2026-03"));
    expect(Items.map(({ day }) => day)).to.deep.equal(["2026-04", "2026-05"]);
  });

  it("compare the numbers of an index as numbers", async () => {
    const of = (rank: number, place = "home") => ({
      IndexName: "by-place",
      ExpressionAttributeNames: { "#rank": "rank" },
      ExpressionAttributeValues: { ":place": "home", ":least": 9 },
      ExclusiveStartKey: { who: "ann", day: "2026-03", place, rank },
    });
    const condition = "place = :place AND #rank >= :least";
    expect((await query(condition, {}, of(10))).Items?.map(({ rank }) => rank)).to.deep.equal([15, 20]);
    expect(await refusal(query(condition, {}, of(5)))).to.equal(mismatch);
    expect(await refusal(query(condition, {}, of(10, "town")))).to.equal(outside);
  });

  it("have no value that no key has: neither an empty nor one that is too long", async () => {
    const empty = (name: string) =>
      `ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`;
    const invalid = "One or more parameter values were invalid:";
    const hash = `${invalid} Size of hashkey has exceeded the maximum size limit of2048 bytes`;
    const range = `${invalid} Aggregated size of all range keys has exceeded the size limit of 1024 bytes`;
    expect(await refusal(query("who = :who", { ":who": "" }))).to.equal(empty("who"));
    expect(await refusal(query("#who = :who AND begins_with(#day, :a)", { ":a": "" }))).to.equal(empty("day"));
    expect(await refusal(query("#who = :who AND #day > :a", { ":a": "" }))).to.equal(empty("day"));
    expect(await refusal(query("#who = :who AND #day BETWEEN :a AND :b", { ":a": "1", ":b": long }))).to.equal(
      `ValidationException: ${range}`,
    );
    expect(await refusal(query("who = :who", { ":who": long }))).to.equal(`ValidationException: ${hash}`);
    const inIndex = { IndexName: "by-place" };
    const values = { ExpressionAttributeValues: { ":place": long } };
    expect(await refusal(query("place = :place", {}, { ...inIndex, ...values }))).to.equal(
      `ValidationException: ${hash}`,
    );
    const scan = (start: Raw["ExclusiveStartKey"], more: object = {}) =>
      refusal(world.items.send(new ScanCommand({ TableName, ExclusiveStartKey: start, ...more })));
    const place = "ValidationException: The provided starting key is invalid:";
    expect(await scan({ who: { S: "ann" }, day: { S: long } })).to.equal(`${place} ${range}`);
    const inPlace = { who: { S: "ann" }, day: { S: "1" }, place: { S: long }, rank: { N: "1" } };
    expect(await scan(inPlace, inIndex)).to.equal(`${place} ${hash}`);
    const ExclusiveStartKey = { who: "ann", day: long };
    expect(await refusal(query("who = :who", {}, { ExclusiveStartKey }))).to.equal(`${place} ${range}`);
  });
});
