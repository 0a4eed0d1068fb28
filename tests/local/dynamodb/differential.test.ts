import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import type { Engine } from "../../../local/dynamodb/engine";
import { createDynamoDB } from "../../../local/dynamodb/service";
import { startDynamoDB } from "../../wire/dynamodb";
import { startTestCloud, type TestCloud } from "../cloud";

const TableName = "effects";
const key = (id: string) => ({ effect_id: id });

/** Calls with every kind of end: done, refused, cancelled, malformed. */
const script = [
  new PutCommand({ TableName, Item: { ...key("1"), n: 1, list: [1, "a", null], set: new Set(["x"]) } }),
  new PutCommand({
    TableName,
    Item: key("1"),
    ConditionExpression: "attribute_not_exists(effect_id)",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  }),
  new UpdateCommand({
    TableName,
    Key: key("1"),
    UpdateExpression: "ADD n :one REMOVE list[0]",
    ExpressionAttributeValues: { ":one": 1 },
    ReturnValues: "ALL_NEW",
  }),
  new UpdateCommand({
    TableName,
    Key: key("1"),
    UpdateExpression: "SET n = :wrong +",
    ExpressionAttributeValues: { ":wrong": 1 },
  }),
  new GetCommand({ TableName, Key: key("1"), ConsistentRead: true, ProjectionExpression: "n" }),
  new GetCommand({ TableName, Key: { wrong: "1" } }),
  new GetCommand({ TableName: "nowhere", Key: key("1") }),
  new TransactWriteCommand({
    TransactItems: [
      { Put: { TableName, Item: key("2") } },
      { ConditionCheck: { TableName, Key: key("9"), ConditionExpression: "attribute_exists(effect_id)" } },
    ],
  }),
  new TransactWriteCommand({
    TransactItems: [{ Put: { TableName, Item: key("3") } }, { Delete: { TableName, Key: key("3") } }],
  }),
  new BatchWriteCommand({
    RequestItems: { [TableName]: [{ PutRequest: { Item: key("4") } }, { DeleteRequest: { Key: key("1") } }] },
  }),
  new TransactGetCommand({
    TransactItems: [{ Get: { TableName, Key: key("4") } }, { Get: { TableName, Key: key("5") } }],
  }),
  new QueryCommand({ TableName, KeyConditionExpression: "effect_id = :id", ExpressionAttributeValues: { ":id": "4" } }),
  new ScanCommand({ TableName, Limit: 1, Select: "COUNT" }),
  new DeleteCommand({ TableName, Key: key("4"), ReturnValues: "ALL_OLD" }),
];

interface Ended {
  output?: unknown;
  error?: unknown;
}

const play = async (client: DynamoDBDocumentClient): Promise<Ended[]> => {
  const ends: Ended[] = [];
  for (const command of script) {
    try {
      const { $metadata: _, ...output } = (await client.send(command as PutCommand)) as { $metadata: unknown };
      ends.push({ output });
    } catch (error) {
      const { name, message, CancellationReasons, Item } = error as Error & Record<string, unknown>;
      ends.push({ error: { name, message, CancellationReasons, Item } });
    }
  }
  return ends;
};

describe("DynamoDB through the gateway", () => {
  let direct: Engine;
  let through: TestCloud;
  before(async () => {
    [direct, through] = await Promise.all([startDynamoDB(), startTestCloud((cloud) => [createDynamoDB(cloud)])]);
    await through.declare("aws:dynamodb/table:Table", TableName, {
      name: TableName,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "effect_id",
      attributes: [{ name: "effect_id", type: "S" }],
    });
  });
  after(() => Promise.all([direct.close(), through.close()]));

  it("answers every call as the engine does directly", async () => {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const client = (settings: object) =>
      DynamoDBDocumentClient.from(
        new DynamoDBClient({ region: "us-east-1", credentials, maxAttempts: 1, ...settings }),
      );
    const [expected, found] = [await play(client({ endpoint: direct.endpoint })), await play(client(through.client))];
    expect(found).to.deep.equal(expected);
    expect(found.filter(({ error }) => error)).to.have.length.within(5, 7);
  });
});
