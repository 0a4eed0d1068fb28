import { CloudWatchClient, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DescribeMetricFiltersCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  StopQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "chai";
import { failure, minute, noon, startWorld, type World } from "./serviceWorld";

const logGroupName = "/aws/lambda/cart";
const groupType = "aws:cloudwatch/logGroup:LogGroup";
const filterType = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
const groupArn = `arn:aws:logs:us-east-1:123456789012:log-group:${logGroupName}`;
const slow = {
  name: "slow",
  logGroupName,
  pattern: "{ $.ms > 100 }",
  metricTransformation: { namespace: "Shop", name: "Slow", value: "$.ms", unit: "Milliseconds", defaultValue: "0" },
};

describe("CloudWatch Logs on the embedded cloud", () => {
  let world: World;
  let logs: CloudWatchLogsClient;
  const put = (logStreamName: string, ...messages: string[]) =>
    logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: messages.map((message, at) => ({ message, timestamp: noon + at })),
      }),
    );

  beforeEach(async () => {
    world = await startWorld();
    logs = new CloudWatchLogsClient(world.client);
    await world.declare(groupType, "cart", { name: logGroupName, retentionInDays: 14, tags: { team: "a" } });
  });
  afterEach(() => world.close());

  it("makes groups as declared, under AWS's own ARN", async () => {
    const { id, outputs } = await world.declare(groupType, "forever", { retentionInDays: 0 });
    expect(id).to.equal("forever");
    expect(outputs).to.include({ name: "forever", arn: "arn:aws:logs:us-east-1:123456789012:log-group:forever" });
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
    expect(logGroups).to.deep.equal([
      {
        logGroupName,
        arn: `${groupArn}:*`,
        logGroupArn: groupArn,
        creationTime: noon,
        retentionInDays: 14,
        metricFilterCount: 0,
        logGroupClass: "STANDARD",
      },
      {
        logGroupName: "forever",
        arn: "arn:aws:logs:us-east-1:123456789012:log-group:forever:*",
        logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:forever",
        creationTime: noon,
        metricFilterCount: 0,
        logGroupClass: "STANDARD",
      },
    ]);
  });

  it("refuses by name what it does not know of a declared resource", async () => {
    expect(await failure(world.declare(groupType, "odd", { namePrefix: "x" }))).to.have.property(
      "message",
      `${groupType} odd: property namePrefix is not supported by the embedded cloud`,
    );
    expect(await failure(world.declare(groupType, "odd", { logGroupClass: "DELIVERY" }))).to.have.property(
      "message",
      `${groupType} odd: property logGroupClass is not supported by the embedded cloud`,
    );
    expect(await failure(world.declare(groupType, "again", { name: logGroupName }))).to.have.property(
      "message",
      `${groupType} again: The specified log group already exists`,
    );
    expect(await failure(world.declare(groupType, "odd", { name: 5 }))).to.have.property(
      "message",
      `${groupType} odd: property name must be a text`,
    );
    expect(await failure(world.declare(filterType, "odd", { ...slow, logGroupName: "none" }))).to.have.property(
      "message",
      `${filterType} odd: The specified log group does not exist.`,
    );
  });

  it("creates groups and streams, and sets how long they are kept", async () => {
    await logs.send(new CreateLogGroupCommand({ logGroupName: "made" }));
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: "made", retentionInDays: 7 }));
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: "MAD" }));
    expect(logGroups?.map(({ retentionInDays }) => retentionInDays)).to.deep.equal([7]);
    const again = await failure(logs.send(new CreateLogGroupCommand({ logGroupName: "made" })));
    expect(again).to.include({
      name: "ResourceAlreadyExistsException",
      message: "The specified log group already exists",
    });
    const odd = logs.send(new PutRetentionPolicyCommand({ logGroupName: "made", retentionInDays: 8 }));
    expect(await failure(odd)).to.include({
      name: "InvalidParameterException",
      message: "a log group cannot be kept for 8 days",
    });
    const nowhere = logs.send(new CreateLogStreamCommand({ logGroupName: "none", logStreamName: "one" }));
    expect(await failure(nowhere)).to.include({
      name: "ResourceNotFoundException",
      message: "The specified log group does not exist.",
    });
  });

  it("lists groups by a prefix, a page at a time", async () => {
    for (const name of ["b", "ab", "aa"]) await logs.send(new CreateLogGroupCommand({ logGroupName: name }));
    const first = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "a", limit: 1 }));
    const { nextToken = "" } = first;
    const second = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "a", limit: 1, nextToken }));
    expect([first, second].map(({ logGroups }) => logGroups?.[0]?.logGroupName)).to.deep.equal(["aa", "ab"]);
    expect(second.nextToken).to.equal(undefined);
    const wrong = logs.send(new DescribeLogGroupsCommand({ nextToken: "?" }));
    expect(await failure(wrong)).to.include({ name: "InvalidParameterException" });
    const both = logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "a", logGroupNamePattern: "b" }));
    expect(await failure(both)).to.include({ name: "InvalidParameterException" });
  });

  it("lists streams by name and by their last event", async () => {
    for (const logStreamName of ["b", "a", "c"]) {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    }
    await put("b", "one", "two");
    await put("a", "one");
    const names = async (more: object) =>
      (await logs.send(new DescribeLogStreamsCommand({ logGroupName, ...more }))).logStreams?.map(
        ({ logStreamName }) => logStreamName,
      );
    expect(await names({})).to.deep.equal(["a", "b", "c"]);
    expect(await names({ logStreamNamePrefix: "b" })).to.deep.equal(["b"]);
    expect(await names({ orderBy: "LastEventTime", descending: true, limit: 2 })).to.deep.equal(["b", "a"]);
    const both = { logStreamNamePrefix: "b", orderBy: "LastEventTime" };
    expect(await failure(names(both))).to.have.property(
      "message",
      "Cannot order by LastEventTime with a logStreamNamePrefix.",
    );
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix: "b" }));
    expect(logStreams).to.deep.equal([
      {
        logStreamName: "b",
        arn: `${groupArn}:log-stream:b`,
        creationTime: noon,
        firstEventTimestamp: noon,
        lastEventTimestamp: noon + 1,
        lastIngestionTime: noon,
      },
    ]);
  });

  it("reads a stream from its end and from its head", async () => {
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "a" }));
    await put("a", "1", "2", "3", "4", "5");
    const get = async (more: object) => {
      const page = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName: "a", limit: 2, ...more }));
      return { ...page, text: page.events?.map(({ message }) => message).join("") };
    };
    const last = await get({});
    expect(last.text).to.equal("45");
    expect((await get({ nextToken: last.nextBackwardToken })).text).to.equal("23");
    const first = await get({ startFromHead: true });
    expect(first.text).to.equal("12");
    const next = await get({ nextToken: first.nextForwardToken });
    expect(next.text).to.equal("34");
    const end = await get({ nextToken: last.nextForwardToken });
    expect(end).to.include({ text: "", nextForwardToken: last.nextForwardToken });
    expect((await get({ startTime: noon + 1, endTime: noon + 2 })).text).to.equal("2");
    expect(await failure(get({ nextToken: "x" }))).to.have.property("message", "The specified nextToken is invalid.");
    expect(first.events?.[0]).to.deep.equal({ timestamp: noon, message: "1", ingestionTime: noon });
  });

  it("reads a stream of more events than a page of the store has", async () => {
    for (let at = 0; at < 2; at++) {
      for (let each = 0; each < 5_001; each++) {
        world.cloudWatch.appendLog(logGroupName, "a", { timestamp: noon, message: `${at}/${each}` });
      }
    }
    const page = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName: "a", limit: 1 }));
    expect(page.events?.[0]?.message).to.equal("1/5000");
  });

  it("filters the events of a group", async () => {
    for (const logStreamName of ["a", "b"]) {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    }
    await put("a", "ERROR one", "fine");
    await put("b", "ERROR two");
    const messages = async (more: object) =>
      (await logs.send(new FilterLogEventsCommand({ logGroupName, ...more }))).events?.map(({ message }) => message);
    expect(await messages({ filterPattern: "ERROR" })).to.deep.equal(["ERROR one", "ERROR two"]);
    expect(await messages({ logStreamNames: ["a"] })).to.deep.equal(["ERROR one", "fine"]);
    expect(await messages({ logStreamNamePrefix: "b" })).to.deep.equal(["ERROR two"]);
    expect(await messages({ logStreamNamePrefix: "z" })).to.deep.equal([]);
    const both = messages({ logStreamNamePrefix: "z", logStreamNames: ["a"] });
    expect(await failure(both)).to.include({ name: "InvalidParameterException" });
    const { nextToken = "" } = await logs.send(new FilterLogEventsCommand({ logGroupName, limit: 2 }));
    expect(await messages({ nextToken })).to.deep.equal(["fine"]);
  });

  it("says what of a batch was too new", async () => {
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "a" }));
    const { rejectedLogEventsInfo } = await logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName: "a",
        logEvents: [{ timestamp: noon + 180 * minute, message: "x" }],
      }),
    );
    expect(rejectedLogEventsInfo).to.deep.equal({ tooNewLogEventStartIndex: 0 });
  });

  it("refuses by name what it does not do", async () => {
    expect(await failure(logs.send(new StopQueryCommand({ queryId: "x" })))).to.include({
      name: "NotImplemented",
      message: "The embedded cloud does not support logs:StopQuery.",
    });
    expect(await failure(logs.send(new FilterLogEventsCommand({ logGroupName, unmask: true })))).to.have.property(
      "message",
      "The embedded cloud does not support logs:FilterLogEvents with the parameter unmask.",
    );
    const columns = new FilterLogEventsCommand({ logGroupName, filterPattern: "[ip, user]" });
    expect(await failure(logs.send(columns)))
      .to.have.property("message")
      .that.matches(/refuses this of logs: a space-delimited filter pattern/);
  });

  it("says in AWS's words what of a request does not fit", async () => {
    const put = (logEvents: unknown) =>
      logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: "a", logEvents: logEvents as [] }));
    const failed = "failed to satisfy constraint: Member must";
    const refusals: [work: Promise<unknown>, message: string, name?: string][] = [
      [
        logs.send(new CreateLogGroupCommand({ logGroupName: "a b" })),
        `1 validation error detected: Value 'a b' at 'logGroupName' ${failed} satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
      ],
      [
        logs.send(new CreateLogGroupCommand({ logGroupName: undefined })),
        `1 validation error detected: Value null at 'logGroupName' ${failed} not be null`,
      ],
      [
        logs.send(new CreateLogGroupCommand({ logGroupName: "x".repeat(513) })),
        "Invalid LogGroup or LogStream, both must have length less than or equal to 512.",
      ],
      [
        logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "a:b" })),
        `1 validation error detected: Value 'a:b' at 'logStreamName' ${failed} satisfy regular expression pattern: [^:*]*`,
      ],
      [
        logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "x".repeat(513) })),
        "Invalid LogGroup or LogStream, both must have length less than or equal to 512.",
      ],
      [
        logs.send(new FilterLogEventsCommand({ logGroupName, limit: 10_001 })),
        `1 validation error detected: Value '10001' at 'limit' ${failed} have value less than or equal to 10000`,
      ],
      [
        logs.send(new DescribeLogStreamsCommand({ logGroupName, limit: 0, orderBy: "Size" as "LastEventTime" })),
        `2 validation errors detected: Value 'Size' at 'orderBy' ${failed} satisfy enum value set: [LogStreamName, LastEventTime]; Value '0' at 'limit' ${failed} have value greater than or equal to 1`,
      ],
      [
        logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "a", logGroupNamePattern: "a" })),
        "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
      ],
      [
        put([]),
        `1 validation error detected: Value '[]' at 'logEvents' ${failed} have length greater than or equal to 1`,
      ],
      [
        put([{ timestamp: noon, message: "" }]),
        `1 validation error detected: Value '' at 'logEvents.1.member.message' ${failed} have length greater than or equal to 1`,
      ],
      [
        put([
          { timestamp: noon - 86_400_001, message: "a" },
          { timestamp: noon, message: "b" },
        ]),
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
      ],
      [
        put([{ timestamp: noon, message: 5 }]),
        "NUMBER_VALUE can not be converted to a String",
        "SerializationException",
      ],
      [
        logs.send(new DescribeLogStreamsCommand({ logGroupName, descending: "no" as unknown as boolean })),
        "STRING_VALUE can not be converted to an Boolean",
        "SerializationException",
      ],
      [
        logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: ["x"] as unknown as string })),
        "Start of structure or map found where not expected.",
        "SerializationException",
      ],
      [
        logs.send(new FilterLogEventsCommand({ logGroupName, logStreamNames: true as unknown as [] })),
        "Expected list or null",
        "SerializationException",
      ],
    ];
    const found = await Promise.all(refusals.map(([work]) => failure(work)));
    expect(found.map(({ name, message }) => [name, message])).to.deep.equal(
      refusals.map(([, message, name = "InvalidParameterException"]) => [name, message]),
    );
  });

  it("asks for permission on the very group and stream", async () => {
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "a" }));
    const role = new CloudWatchLogsClient(
      world.asRole([{ Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${groupArn}:*` }]),
    );
    const logEvents = [{ timestamp: noon, message: "x" }];
    await role.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "b" }));
    await role.send(new PutLogEventsCommand({ logGroupName, logStreamName: "b", logEvents }));
    const denied = await failure(role.send(new FilterLogEventsCommand({ logGroupName })));
    expect(denied).to.include({ name: "AccessDeniedException" });
    expect(denied).to.have.nested.property("$metadata.httpStatusCode", 400);
    expect(denied.message).to.include(`logs:FilterLogEvents on resource: ${groupArn}:log-stream:`);
  });

  it("takes a function's lines, and makes metrics of them", async () => {
    await world.declare(filterType, "slow", slow);
    const embedded = {
      _aws: {
        Timestamp: noon,
        CloudWatchMetrics: [{ Namespace: "Shop", Dimensions: [[]], Metrics: [{ Name: "Sold" }, { Name: "Lost" }] }],
      },
      Sold: 2,
      ms: 150,
    };
    world.cloudWatch.appendLog(logGroupName, "worker", { timestamp: noon, message: JSON.stringify(embedded) });
    const { Metrics } = await new CloudWatchClient(world.client).send(new ListMetricsCommand({}));
    expect(Metrics?.map(({ MetricName }) => MetricName)).to.deep.equal(["Sold", "Slow"]);
    expect(world.cloudWatch.metricTroubles()).to.deep.equal([
      { group: logGroupName, reason: "the metric Lost must be a number, or a list of numbers, at the root" },
    ]);
    const append = () => world.cloudWatch.appendLog("/aws/lambda/none", "a", { timestamp: noon, message: "x" });
    expect(append)
      .to.throw("The specified log group does not exist.")
      .with.property("code", "ResourceNotFoundException");
  });

  it("describes metric filters", async () => {
    await world.declare(filterType, "slow", slow);
    const described = async (more: object) => (await logs.send(new DescribeMetricFiltersCommand(more))).metricFilters;
    expect(await described({ logGroupName, metricName: "Slow", metricNamespace: "Shop" })).to.deep.equal([
      {
        filterName: "slow",
        logGroupName,
        creationTime: noon,
        filterPattern: "{ $.ms > 100 }",
        metricTransformations: [
          {
            metricName: "Slow",
            metricNamespace: "Shop",
            metricValue: "$.ms",
            defaultValue: 0,
            unit: "Milliseconds",
          },
        ],
      },
    ]);
    expect(await described({ filterNamePrefix: "fast" })).to.deep.equal([]);
    expect(await failure(described({ logGroupName: "none" }))).to.include({ name: "ResourceNotFoundException" });
  });

  it("forgets lines but not what was declared", async () => {
    await logs.send(new CreateLogGroupCommand({ logGroupName: "made" }));
    world.cloudWatch.appendLog(logGroupName, "a", { timestamp: noon, message: "x" });
    await world.cloudWatch.logs.reset();
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
    expect(logGroups?.map((group) => group.logGroupName)).to.deep.equal([logGroupName]);
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    expect(events).to.deep.equal([]);
  });
});
