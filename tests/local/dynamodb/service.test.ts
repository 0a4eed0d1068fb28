import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import type { MetricDatum } from "../../../local/cloudWatch/metricData";
import { startEngine } from "../../../local/dynamodb/engine";
import { createDynamoDB } from "../../../local/dynamodb/service";
import { startTestCloud, type TestCloud } from "../cloud";
import { failure } from "../failure";

const table = {
  name: "things",
  billingMode: "PAY_PER_REQUEST",
  hashKey: "id",
  attributes: [
    { name: "id", type: "S" },
    { name: "kind", type: "S" },
  ],
  globalSecondaryIndexes: [
    { name: "by-kind", keySchemas: [{ attributeName: "kind", keyType: "HASH" }], projectionType: "ALL" },
  ],
  ttl: { attributeName: "expires_at", enabled: true },
  serverSideEncryption: { enabled: true },
};

const arn = "arn:aws:dynamodb:us-east-1:123456789012:table/things";

describe("DynamoDB on the embedded cloud", () => {
  let world: TestCloud;
  let dynamodb: ReturnType<typeof createDynamoDB>;
  let items: DynamoDBDocumentClient;
  let told: MetricDatum[] = [];

  before(async () => {
    world = await startTestCloud((cloud) => {
      dynamodb = createDynamoDB(cloud, { onMetric: (datum) => told.push(datum) });
      return [dynamodb];
    });
    await world.declare("aws:dynamodb/table:Table", "things", table);
    items = DynamoDBDocumentClient.from(new DynamoDBClient(world.client));
  });
  after(() => world.close());
  afterEach(() => {
    world.cloud.faults.clear();
    return dynamodb.reset();
  });

  it("makes tables as declared, under AWS's own ARN", async () => {
    const { Table } = await items.send(new DescribeTableCommand({ TableName: "things" }));
    expect(Table?.TableArn).to.equal(arn);
    expect(Table?.GlobalSecondaryIndexes?.[0]?.IndexArn).to.equal(`${arn}/index/by-kind`);
    expect((await items.send(new ListTablesCommand({}))).TableNames).to.deep.equal(["things"]);
  });

  it("refuses a property or a capacity it does not know, naming it", async () => {
    const declared = (over: object) =>
      failure(world.declare("aws:dynamodb/table:Table", "odd", { ...table, name: "odd", ...over }));
    expect((await declared({ replicas: [] })).message).to.equal(
      "aws:dynamodb/table:Table odd: property replicas is not supported by the embedded cloud",
    );
    expect((await declared({ billingMode: "PROVISIONED" })).message).to.include("PAY_PER_REQUEST");
    expect((await declared({ attributes: [] })).message).to.match(/^aws:dynamodb\/table:Table odd: /);
  });

  it("writes and reads, by key and by index", async () => {
    await items.send(new PutCommand({ TableName: "things", Item: { id: "1", kind: "a", count: 1 } }));
    await items.send(
      new UpdateCommand({
        TableName: "things",
        Key: { id: "1" },
        UpdateExpression: "ADD #c :one",
        ExpressionAttributeNames: { "#c": "count" },
        ExpressionAttributeValues: { ":one": 1 },
      }),
    );
    expect((await items.send(new GetCommand({ TableName: "things", Key: { id: "1" } }))).Item).to.deep.equal({
      id: "1",
      kind: "a",
      count: 2,
    });
    const found = await items.send(
      new QueryCommand({
        TableName: "things",
        IndexName: "by-kind",
        KeyConditionExpression: "kind = :a",
        ExpressionAttributeValues: { ":a": "a" },
      }),
    );
    expect(found.Items).to.have.length(1);
    expect(found).not.to.have.property("ConsumedCapacity");
  });

  it("cancels a transaction as a whole, with the reasons", async () => {
    await items.send(new PutCommand({ TableName: "things", Item: { id: "there" } }));
    const put = (id: string) => ({
      Put: { TableName: "things", Item: { id }, ConditionExpression: "attribute_not_exists(id)" },
    });
    const error = await failure(items.send(new TransactWriteCommand({ TransactItems: [put("new"), put("there")] })));
    expect(error.name).to.equal("TransactionCanceledException");
    expect((error["CancellationReasons"] as { Code: string }[]).map(({ Code }) => Code)).to.deep.equal([
      "None",
      "ConditionalCheckFailed",
    ]);
    expect((await items.send(new GetCommand({ TableName: "things", Key: { id: "new" } }))).Item).to.equal(undefined);
  });

  it("counts capacity, and tells it where it is asked for, and CloudWatch always", async () => {
    world.cloud.meter.reset();
    told = [];
    await items.send(new PutCommand({ TableName: "things", Item: { id: "1", text: "x".repeat(2_000) } }));
    const { ConsumedCapacity } = await items.send(
      new GetCommand({ TableName: "things", Key: { id: "1" }, ConsistentRead: true, ReturnConsumedCapacity: "TOTAL" }),
    );
    expect(ConsumedCapacity?.CapacityUnits).to.equal(1);
    const amounts = Object.fromEntries(world.cloud.meter.bill().lines.map(({ what, amount }) => [what, amount]));
    expect(amounts).to.deep.equal({ "dynamodb read unit": 1, "dynamodb write unit": 2 });
    const about = { namespace: "AWS/DynamoDB", dimensions: { TableName: "things" }, unit: "Count" };
    expect(told.map(({ timestamp: _, ...datum }) => datum)).to.deep.equal([
      { ...about, name: "ConsumedWriteCapacityUnits", values: [2] },
      { ...about, name: "ConsumedReadCapacityUnits", values: [1] },
    ]);
  });

  describe("lets a role do what its policy names, and says who may not do what on which", () => {
    const as = (...statements: { Action: string | string[]; Resource: string | string[] }[]) =>
      DynamoDBDocumentClient.from(new DynamoDBClient(world.asRole(statements)));

    it("by table and by index", async () => {
      const reader = as({ Action: "dynamodb:GetItem", Resource: arn });
      await reader.send(new GetCommand({ TableName: "things", Key: { id: "1" } }));
      const error = await failure(reader.send(new PutCommand({ TableName: "things", Item: { id: "1" } })));
      expect(error.name).to.equal("AccessDeniedException");
      expect(error.message).to.match(
        /^User: arn:aws:sts::123456789012:assumed-role\/tester-\d+\/test is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table\/things because no identity-based policy allows the dynamodb:PutItem action$/,
      );
      const indexOnly = as({ Action: "dynamodb:Query", Resource: `${arn}/index/by-kind` });
      const query = {
        TableName: "things",
        KeyConditionExpression: "kind = :a",
        ExpressionAttributeValues: { ":a": "a" },
      };
      await indexOnly.send(new QueryCommand({ ...query, IndexName: "by-kind" }));
      expect(
        (await failure(indexOnly.send(new QueryCommand({ ...query, KeyConditionExpression: "id = :a" })))).name,
      ).to.equal("AccessDeniedException");
    });

    it("in a transaction part by part, and in a batch table by table", async () => {
      const writer = as({ Action: "dynamodb:PutItem", Resource: arn });
      const put = { Put: { TableName: "things", Item: { id: "2" } } };
      await writer.send(new TransactWriteCommand({ TransactItems: [put] }));
      const check = {
        ConditionCheck: { TableName: "things", Key: { id: "1" }, ConditionExpression: "attribute_exists(id)" },
      };
      expect(
        (await failure(writer.send(new TransactWriteCommand({ TransactItems: [put, check] })))).message,
      ).to.include("dynamodb:ConditionCheckItem");
      expect(
        (await failure(writer.send(new BatchGetCommand({ RequestItems: { things: { Keys: [{ id: "1" }] } } }))))
          .message,
      ).to.include("dynamodb:BatchGetItem");
    });
  });

  it("refuses by name what it does not do", async () => {
    const error = await failure(
      world.gateway &&
        new DynamoDBClient(world.client).send(
          new (await import("@aws-sdk/client-dynamodb")).ExecuteStatementCommand({ Statement: "SELECT * FROM things" }),
        ),
    );
    expect(error.message).to.equal("The embedded cloud does not support dynamodb:ExecuteStatement.");
    expect((await failure(items.send(new GetCommand({ TableName: "", Key: { id: "1" } })))).name).to.equal(
      "ValidationException",
    );
    expect((await failure(items.send(new GetCommand({ TableName: "nowhere", Key: { id: "1" } })))).name).to.equal(
      "ResourceNotFoundException",
    );
  });

  it("refuses what the engine would take of a table and nobody would do: streams, a capacity, replicas", async () => {
    const keys = { KeySchema: [{ AttributeName: "id", KeyType: "HASH" as const }] };
    const attributes = { AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" as const }] };
    const create = async (over: Partial<CreateTableCommandInput>) =>
      (await failure(items.send(new CreateTableCommand({ TableName: "odd", ...keys, ...attributes, ...over }))))
        .message;
    const onDemand = { BillingMode: "PAY_PER_REQUEST" as const };
    const stream = { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" as const } };
    expect(await create({ ...onDemand, ...stream })).to.equal(
      "The embedded cloud does not support the parameter StreamSpecification of dynamodb:CreateTable.",
    );
    expect(await create({})).to.equal(
      "The embedded cloud does not support the BillingMode PROVISIONED of dynamodb:CreateTable, only PAY_PER_REQUEST.",
    );
    const update = new UpdateTableCommand({ TableName: "things", TableClass: "STANDARD_INFREQUENT_ACCESS" });
    expect((await failure(items.send(update))).message).to.equal(
      "The embedded cloud does not support the parameter TableClass of dynamodb:UpdateTable.",
    );
    expect((await items.send(new ListTablesCommand({}))).TableNames).to.deep.equal(["things"]);
  });

  it("breaks calls as told: throttled, failing, slow, and done with the answer lost", async () => {
    const put = (id: string) => items.send(new PutCommand({ TableName: "things", Item: { id } }));
    const throttle = world.cloud.faults.inject({
      kind: "throttle",
      service: "dynamodb",
      operation: "PutItem",
      times: 1,
    });
    expect((await failure(put("a"))).name).to.equal("ProvisionedThroughputExceededException");
    await put("a");
    expect(throttle.hits()).to.equal(1);
    world.cloud.faults.inject({ kind: "serverError", service: "dynamodb", times: 1 });
    expect((await failure(put("b"))).name).to.equal("InternalServerError");
    world.cloud.faults.inject({ kind: "lostAnswer", service: "dynamodb", operation: "PutItem", times: 1 });
    expect((await failure(put("c"))).name).to.equal("InternalServerError");
    expect(
      (await items.send(new ScanCommand({ TableName: "things" }))).Items?.map(({ id }) => id).sort(),
    ).to.deep.equal(["a", "c"]);
    world.cloud.faults.inject({ kind: "latency", service: "dynamodb", times: 1, ms: 60 });
    const startedAt = performance.now();
    await put("d");
    expect(performance.now() - startedAt).to.be.at.least(59);
  });

  it("forgets items when their time is over, within an hour of the cloud's time", async () => {
    const now = Math.floor(world.cloud.clock.now() / 1_000);
    await items.send(new PutCommand({ TableName: "things", Item: { id: "old", expires_at: now + 60 } }));
    await items.send(new PutCommand({ TableName: "things", Item: { id: "kept", expires_at: now + 86_400 * 2 } }));
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 2 * 3_600_000, () => world.cloud.activity.idle());
    expect((await items.send(new ScanCommand({ TableName: "things" }))).Items?.map(({ id }) => id)).to.deep.equal([
      "kept",
    ]);
  });

  it("tells by what a table's items expire, and takes it up when a call sets it", async () => {
    const keys = { KeySchema: [{ AttributeName: "id", KeyType: "HASH" as const }] };
    const attributes = { AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" as const }] };
    const create = (TableName: string) =>
      items.send(new CreateTableCommand({ TableName, BillingMode: "PAY_PER_REQUEST", ...keys, ...attributes }));
    const described = async (TableName: string) =>
      (await items.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;
    const update = (TableName: string, Enabled: boolean, AttributeName: string) =>
      items.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } }));
    const left = async () => (await items.send(new ScanCommand({ TableName: "minutes" }))).Items;

    expect(await described("things")).to.deep.equal({ TimeToLiveStatus: "ENABLED", AttributeName: "expires_at" });
    await create("gone");
    await create("minutes");
    await update("gone", true, "until");
    expect(await described("minutes")).to.deep.equal({ TimeToLiveStatus: "DISABLED" });
    await items.send(new PutCommand({ TableName: "minutes", Item: { id: "1", until: 1 } }));
    await dynamodb.sweepExpired();
    expect(await left()).to.have.length(1);
    await update("minutes", true, "until");
    expect(await described("minutes")).to.deep.equal({ TimeToLiveStatus: "ENABLED", AttributeName: "until" });
    await items.send(new DeleteTableCommand({ TableName: "gone" }));
    await create("gone");
    expect(await described("gone")).to.deep.equal({ TimeToLiveStatus: "DISABLED" });
    await dynamodb.sweepExpired();
    expect(await left()).to.deep.equal([]);

    expect((await failure(update("minutes", true, "until"))).message).to.equal("TimeToLive is already enabled");
    expect((await failure(update("minutes", false, "other"))).message).to.equal(
      "TimeToLive is active on a different AttributeName: current AttributeName is until",
    );
    await update("minutes", false, "until");
    expect((await failure(update("minutes", false, "until"))).message).to.equal("TimeToLive is already disabled");
    await items.send(new PutCommand({ TableName: "minutes", Item: { id: "1", until: 1 } }));
    await dynamodb.sweepExpired();
    expect(await left()).to.have.length(1);
    expect((await failure(described("nowhere"))).name).to.equal("ResourceNotFoundException");
    for (const TableName of ["gone", "minutes"]) await items.send(new DeleteTableCommand({ TableName }));
  });

  it("takes a table over with its items, and makes its indexes those that are declared", async () => {
    const declare = (over: object) => world.declare("aws:dynamodb/table:Table", "things", { ...table, ...over });
    const put = [
      { id: "a", kind: "odd", size: 1 },
      { id: "b", kind: "even", size: 2 },
    ];
    for (const Item of put) await items.send(new PutCommand({ TableName: "things", Item }));
    const attributes = [...table.attributes, { name: "size", type: "N" }];
    const bySize = { name: "by-size", keySchemas: [{ attributeName: "size", keyType: "HASH" }], projectionType: "ALL" };
    const onlyKeys = { ...table.globalSecondaryIndexes[0], projectionType: "KEYS_ONLY" };
    const found = async (IndexName: string, key: string, value: unknown) =>
      (
        await items.send(
          new QueryCommand({
            TableName: "things",
            IndexName,
            KeyConditionExpression: "#key = :value",
            ExpressionAttributeNames: { "#key": key },
            ExpressionAttributeValues: { ":value": value },
          }),
        )
      ).Items;
    await declare({ attributes, globalSecondaryIndexes: [onlyKeys, bySize] });
    expect(await found("by-size", "size", 2)).to.deep.equal([put[1]]);
    expect(await found("by-kind", "kind", "odd")).to.deep.equal([{ id: "a", kind: "odd" }]);
    await declare({});
    expect(await found("by-kind", "kind", "odd")).to.deep.equal([put[0]]);
    expect((await failure(found("by-size", "size", 2))).message).to.include("by-size");
  });

  it("refuses to take over a table that AWS would make anew", async () => {
    const declare = (over: object) =>
      failure(world.declare("aws:dynamodb/table:Table", "things", { ...table, ...over }));
    const local = [{ name: "own", rangeKey: "kind", projectionType: "ALL" }];
    expect((await declare({ hashKey: "kind", attributes: table.attributes.slice(1) })).message).to.equal(
      "aws:dynamodb/table:Table things: it was kept with the key id (S), and is declared with the key kind (S). AWS would make it anew, without its items: start with another folder for data",
    );
    expect((await declare({ rangeKey: "kind" })).message).to.include("declared with the key id (S) and kind (S)");
    expect(
      (
        await declare({
          attributes: [
            { name: "id", type: "N" },
            { name: "kind", type: "S" },
          ],
        })
      ).message,
    ).to.include("declared with the key id (N)");
    expect((await declare({ rangeKey: "kind", localSecondaryIndexes: local })).message).to.match(
      /and is declared with .*, the local index own by id \(S\) and kind \(S\) with ALL\. AWS would/,
    );
  });

  it("can be an engine of the user's own, and says so where that does not answer", async () => {
    const direct = await startEngine();
    const { endpoint } = direct;
    await direct.send("ListTables", "{}");
    const own = await startTestCloud((cloud) => [createDynamoDB(cloud, { endpoint })]);
    await own.declare("aws:dynamodb/table:Table", "things", table);
    await direct.close();
    const gone = await failure(own.declare("aws:dynamodb/table:Table", "things", table));
    expect(gone.message).to.include(`no DynamoDB engine answers at ${endpoint}, which SIGNAL9_DYNAMODB_ENDPOINT names`);
    await own.close();
  });

  it("says what to do where there is none", async () => {
    const error = await failure(startEngine({}, "/nowhere/dynoxide"));
    expect(error.message).to.match(
      /^No DynamoDB engine: npm ci brings one to Linux x64, .*SIGNAL9_DYNAMODB_ENDPOINT=http/,
    );
  });
});
