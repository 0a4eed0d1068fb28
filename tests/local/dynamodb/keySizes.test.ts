import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, PutCommand, ScanCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { failure } from "../failure";
import { startTableWorld, type TableWorld } from "./tableWorld";

const TableName = "companies";
const index = (name: string, hash: string, range: string) => ({
  name,
  keySchemas: [
    { attributeName: hash, keyType: "HASH" },
    { attributeName: range, keyType: "RANGE" },
  ],
  projectionType: "ALL",
});
const table = {
  name: TableName,
  billingMode: "PAY_PER_REQUEST",
  hashKey: "id",
  rangeKey: "day",
  attributes: ["id", "day", "sector", "title"].map((name) => ({ name, type: "S" })),
  globalSecondaryIndexes: [index("by-sector", "sector", "day")],
  localSecondaryIndexes: [{ name: "by-title", rangeKey: "title", projectionType: "KEYS_ONLY" }],
};

const key = { id: "1", day: "1" };
const longest = { sector: "€".repeat(682), title: "€".repeat(341) };
const [hash, range] = ["€".repeat(683), "€".repeat(342)];

describe("keys of indexes on the embedded DynamoDB", () => {
  let world: TableWorld;
  before(async () => {
    world = await startTableWorld(table);
  });
  after(() => world.close());
  afterEach(() => world.reset());

  const stored = async () => (await world.items.send(new ScanCommand({ TableName }))).Items;
  const tooLong = (attribute: string, actual: number, most: number, name: string) =>
    `One or more parameter values were invalid: Size limit exceeded for Index Key ${attribute} Actual Size: ${actual} bytes Max Size: ${most} bytes IndexName: ${name}`;
  const tooLongSector = tooLong("sector", 2_049, 2_048, "by-sector");
  const beyond = "The update expression attempted to update the secondary index key beyond allowed size limits.";

  it("may be as long as AWS lets them", async () => {
    await world.items.send(new PutCommand({ TableName, Item: { ...key, ...longest, other: hash } }));
    expect(await stored()).to.have.length(1);
  });

  it("that are longer are refused, whichever call brings the item", async () => {
    const Item = { ...key, sector: hash };
    const put = await failure(world.items.send(new PutCommand({ TableName, Item })));
    expect([put.name, put.message]).to.deep.equal(["ValidationException", tooLongSector]);
    const local = await failure(world.items.send(new PutCommand({ TableName, Item: { ...key, title: range } })));
    expect(local.message).to.equal(tooLong("title", 1_026, 1_024, "by-title"));
    const batch = { [TableName]: [{ PutRequest: { Item: { id: "2", day: "2" } } }, { PutRequest: { Item } }] };
    expect((await failure(world.items.send(new BatchWriteCommand({ RequestItems: batch })))).message).to.equal(
      tooLongSector,
    );
    const parts = [{ Put: { TableName, Item: { id: "2", day: "2" } } }, { Put: { TableName, Item } }];
    const cancelled = await failure(world.items.send(new TransactWriteCommand({ TransactItems: parts })));
    expect(cancelled.name).to.equal("TransactionCanceledException");
    expect(cancelled["CancellationReasons"]).to.deep.equal([
      { Code: "None" },
      { Code: "ValidationError", Message: tooLongSector },
    ]);
    expect(await stored()).to.deep.equal([]);
  });

  it("are refused where an update makes them too long, and values of other attributes are not", async () => {
    const update = (UpdateExpression: string, value: string, names?: Record<string, string>) => ({
      TableName,
      Key: key,
      UpdateExpression,
      ExpressionAttributeValues: { ":v": value, ":n": 1 },
      ...(names && { ExpressionAttributeNames: names }),
    });
    for (const refused of [
      update("SET n = :n, #s = :v", hash, { "#s": "sector" }),
      update("set sector = if_not_exists(#s, :v) ADD n :n", hash, { "#s": "sector" }),
      update("ADD n :n SET title = :v", range),
    ]) {
      const error = await failure(world.items.send(new UpdateCommand(refused)));
      expect([error.name, error.message]).to.deep.equal(["ValidationException", beyond]);
      const cancelled = await failure(
        world.items.send(new TransactWriteCommand({ TransactItems: [{ Update: refused }] })),
      );
      expect(cancelled["CancellationReasons"]).to.deep.equal([{ Code: "ValidationError", Message: beyond }]);
    }
    expect(await stored()).to.deep.equal([]);
    await world.items.send(new UpdateCommand(update("SET n = :n, note = :v", hash)));
    await world.items.send(new UpdateCommand(update("SET n = :n, sector = :v", range)));
    expect(await stored()).to.deep.equal([{ ...key, n: 1, note: hash, sector: range }]);
  });

  it("are those of the indexes that the table has now", async () => {
    const note = "n".repeat(2_049);
    const put = () => world.items.send(new PutCommand({ TableName, Item: { ...key, note } }));
    await put();
    const Create = {
      IndexName: "by-note",
      KeySchema: [{ AttributeName: "note", KeyType: "HASH" as const }],
      Projection: { ProjectionType: "ALL" as const },
    };
    const AttributeDefinitions = [...table.attributes, { name: "note" }].map(({ name }) => ({
      AttributeName: name,
      AttributeType: "S" as const,
    }));
    const change = (GlobalSecondaryIndexUpdates: UpdateTableCommand["input"]["GlobalSecondaryIndexUpdates"]) =>
      world.items.send(new UpdateTableCommand({ TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates }));
    await change([{ Create }]);
    expect((await failure(put())).message).to.equal(tooLong("note", 2_049, 2_048, "by-note"));
    await change([{ Delete: { IndexName: "by-note" } }]);
    await put();
  });
});
