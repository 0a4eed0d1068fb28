import {
  type AttributeDefinition,
  CreateTableCommand,
  type GlobalSecondaryIndex,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import {
  BatchWriteCommand,
  DeleteCommand,
  PutCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { refusal } from "../failure";
import { startTableWorld, type TableWorld } from "./tableWorld";

const TableName = "orders";
const keySchemas = [{ attributeName: "state", keyType: "HASH" }];
const table = {
  name: TableName,
  billingMode: "PAY_PER_REQUEST",
  hashKey: "id",
  rangeKey: "day",
  attributes: ["id", "day", "state"].map((name) => ({ name, type: "S" })),
  globalSecondaryIndexes: [{ name: "by-state", keySchemas, projectionType: "INCLUDE", nonKeyAttributes: ["amount"] }],
};

const key = { id: "1", day: "1" };
const times = <Value>(count: number, make: (at: number) => Value) => Array.from({ length: count }, (_, at) => make(at));

describe("limits of requests on the embedded DynamoDB", () => {
  let world: TableWorld;
  before(async () => {
    world = await startTableWorld(table);
  });
  after(() => world.close());

  const v1 = { ":v": 1 };

  it("IN has 100 operands at most, wherever it stands", async () => {
    const scan = (count: number) => {
      const names = times(count, (at) => `:v${at}`);
      const FilterExpression = `attribute_exists(amount) AND (amount IN (${names.join(", ")}) OR amount = :v0)`;
      const ExpressionAttributeValues = Object.fromEntries(names.map((name, at) => [name, at]));
      return refusal(world.items.send(new ScanCommand({ TableName, FilterExpression, ExpressionAttributeValues })));
    };
    expect(await scan(100)).to.equal("it succeeded");
    expect(await scan(101)).to.equal(
      "ValidationException: Invalid FilterExpression: The IN operator is provided with too many operands; number of operands: 101",
    );
  });

  it("an expression has 300 operators and functions at most", async () => {
    const many = (kind: string) =>
      `ValidationException: Invalid ${kind}: The expression contains too many operators; operator count: 301`;
    const compared = (count: number) => times(count, () => "a<>:v").join(" OR ");
    const condition = (count: number) => ({
      ConditionExpression: `${compared(count)} OR a BETWEEN :v AND :v`,
      ExpressionAttributeValues: v1,
    });
    const Item = { id: "2", day: "2" };
    const deleted = (count: number) =>
      refusal(world.items.send(new DeleteCommand({ TableName, Key: Item, ...condition(count) })));
    expect(await deleted(149)).to.equal("it succeeded");
    expect(await deleted(150)).to.equal(many("ConditionExpression"));
    const Put = { TableName, Item, ...condition(150) };
    expect(await refusal(world.items.send(new PutCommand(Put)))).to.equal(many("ConditionExpression"));
    expect(await refusal(world.items.send(new TransactWriteCommand({ TransactItems: [{ Put }] })))).to.equal(
      many("ConditionExpression"),
    );
    const sums = (count: number) => ({
      TableName,
      Key: key,
      UpdateExpression: `SET ${times(count, (at) => `a${at} = if_not_exists(a${at}, :v)`).join(", ")}`,
      ExpressionAttributeValues: v1,
    });
    expect(await refusal(world.items.send(new UpdateCommand(sums(100))))).to.equal("it succeeded");
    const added = { ...sums(1), UpdateExpression: `SET a = ${times(302, () => ":v").join("+")}` };
    expect(await refusal(world.items.send(new UpdateCommand(added)))).to.equal(many("UpdateExpression"));
  });

  it("a part of a transaction or a batch does one thing", async () => {
    const item = { Put: { TableName, Item: key }, Delete: { TableName, Key: { id: "3", day: "3" } } };
    expect(await refusal(world.items.send(new TransactWriteCommand({ TransactItems: [item] })))).to.equal(
      "ValidationException: TransactItems can only contain one of Check, Put, Update or Delete",
    );
    const both = { PutRequest: { Item: key }, DeleteRequest: { Key: key } };
    expect(await refusal(world.items.send(new BatchWriteCommand({ RequestItems: { [TableName]: [both] } })))).to.equal(
      "ValidationException: Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
    );
  });

  it("an index names 20 attributes beside its keys, and all indexes of a table 100", async () => {
    const keys = { KeySchema: [{ AttributeName: "id", KeyType: "HASH" as const }] };
    const AttributeDefinitions: AttributeDefinition[] = [{ AttributeName: "id", AttributeType: "S" }];
    const index = (name: number, count: number): GlobalSecondaryIndex => ({
      IndexName: `index-${name}`,
      ...keys,
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: times(count, (at) => `a${at}`) },
    });
    const create = (name: string, GlobalSecondaryIndexes: GlobalSecondaryIndex[]) => {
      const made = { TableName: name, BillingMode: "PAY_PER_REQUEST" as const, ...keys, AttributeDefinitions };
      return refusal(world.items.send(new CreateTableCommand({ ...made, GlobalSecondaryIndexes })));
    };
    const all = times(21, (at) => `a${at}`);
    const tooMany = (place: string) =>
      `ValidationException: 1 validation error detected: Value '[${all.join(", ")}]' at '${place}.projection.nonKeyAttributes' failed to satisfy constraint: Member must have length less than or equal to 20`;
    expect(
      await create(
        "full",
        times(5, (at) => index(at, 20)),
      ),
    ).to.equal("it succeeded");
    expect(
      await create(
        "fuller",
        times(6, (at) => index(at, 20)),
      ),
    ).to.include("at most 100 NonKeyAttributes together");
    expect(await create("fuller", [index(0, 1), index(1, 21)])).to.equal(tooMany("globalSecondaryIndexes.2.member"));
    const update = new UpdateTableCommand({
      TableName,
      AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [{ Create: index(0, 21) }],
    });
    expect(await refusal(world.items.send(update))).to.equal(tooMany("globalSecondaryIndexUpdates.1.member.create"));
    const [first] = table.globalSecondaryIndexes;
    const declared = { ...table, name: "odd", globalSecondaryIndexes: [{ ...first, nonKeyAttributes: all }] };
    expect(await refusal(world.declare("aws:dynamodb/table:Table", "odd", declared))).to.match(
      /^Error: aws:dynamodb\/table:Table odd: 1 validation error detected/,
    );
  });
});
