import {
  CancelReplayCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  ListArchivesCommand,
  ListReplaysCommand,
  StartReplayCommand,
  type StartReplayCommandInput,
} from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import type { Call } from "../../../local/cloud/service";
import { busArn, declareRule, type EventBridgeWorld, failure, ruleArn, startsAt, startWorld } from "./serviceWorld";

const archiveArn = "arn:aws:events:us-east-1:123456789012:archive/kept";
const hour = 3_600_000;
const dayMs = 24 * hour;

describe("EventBridge on the embedded cloud: archives and replays", () => {
  let world: EventBridgeWorld;

  beforeEach(async () => {
    world = await startWorld();
    await world.declare("aws:cloudwatch/eventBus:EventBus", "events", { name: "events" });
    const { outputs } = await world.declare("aws:cloudwatch/eventArchive:EventArchive", "kept", {
      name: "kept",
      eventSourceArn: busArn("events"),
      retentionDays: 2,
      description: "d",
      eventPattern: '{"source":["signal9.test"]}',
    });
    expect(outputs).to.include({ arn: archiveArn, name: "kept" });
  });
  afterEach(() => world.close());

  const busEntry = { EventBusName: "events" };
  const replay = (name: string, more: Partial<StartReplayCommandInput> = {}) =>
    world.events.send(
      new StartReplayCommand({
        ReplayName: name,
        EventSourceArn: archiveArn,
        EventStartTime: new Date(startsAt),
        EventEndTime: new Date(startsAt + hour),
        Destination: { Arn: busArn("events") },
        ...more,
      }),
    );
  const describe = (ReplayName: string) => world.events.send(new DescribeReplayCommand({ ReplayName }));
  const archived = async () =>
    (await world.events.send(new DescribeArchiveCommand({ ArchiveName: "kept" }))).EventCount;

  it("keeps the events that match, for as long as it should", async () => {
    await world.put(busEntry, { ...busEntry, Source: "other" }, {});
    const archive = await world.events.send(new DescribeArchiveCommand({ ArchiveName: "kept" }));
    expect(archive).to.deep.include({
      ArchiveArn: archiveArn,
      EventSourceArn: busArn("events"),
      EventCount: 1,
      RetentionDays: 2,
      State: "ENABLED",
      Description: "d",
      EventPattern: '{"source":["signal9.test"]}',
      CreationTime: new Date(startsAt),
    });
    await world.cloud.clock.turnTo(startsAt + 2 * dayMs);
    expect(await archived()).to.equal(0);
    await world.declare("aws:cloudwatch/eventArchive:EventArchive", "all", { eventSourceArn: busArn("default") });
    const { Archives = [] } = await world.events.send(new ListArchivesCommand({ EventSourceArn: busArn("default") }));
    expect(Archives.map(({ ArchiveName, RetentionDays }) => [ArchiveName, RetentionDays])).to.deep.equal([["all", 0]]);
    expect((await world.events.send(new ListArchivesCommand({ NamePrefix: "k" }))).Archives).to.have.length(1);
    await world.put(busEntry);
    expect(await archived()).to.equal(1);
    await world.bridge.reset();
    expect(await archived()).to.equal(0);
  });

  it("puts them on the bus again under the replay's name, and does not keep them twice", async () => {
    await declareRule(world, "audit");
    const { Entries = [] } = await world.put(busEntry);
    await world.cloud.clock.turnTo(startsAt + 2 * hour);
    await world.put(busEntry);
    await world.settle();
    const started = await replay("again", { Description: "why" });
    expect(started).to.deep.include({
      ReplayArn: "arn:aws:events:us-east-1:123456789012:replay/again",
      State: "STARTING",
      ReplayStartTime: new Date(startsAt + 2 * hour),
    });
    await world.settle();
    const replayed = world.messagesTo("audit").map(({ body }) => JSON.parse(body))[2];
    expect(replayed).to.include({ id: Entries[0]?.EventId, "replay-name": "again" });
    expect(world.messagesTo("audit")).to.have.length(3);
    expect(await archived()).to.equal(2);
    expect(await describe("again")).to.deep.include({
      State: "COMPLETED",
      Description: "why",
      Destination: { Arn: busArn("events") },
      EventLastReplayedTime: new Date(startsAt - 789),
    });
    const { Replays = [] } = await world.events.send(new ListReplaysCommand({ State: "COMPLETED", NamePrefix: "a" }));
    expect(Replays.map(({ ReplayName }) => ReplayName)).to.deep.equal(["again"]);
    expect((await world.events.send(new ListReplaysCommand({ EventSourceArn: "other" }))).Replays).to.deep.equal([]);
  });

  it("replays to the rules that are named, and to no other", async () => {
    await declareRule(world, "one");
    await declareRule(world, "two");
    await world.put(busEntry);
    await replay("some", { Destination: { Arn: busArn("events"), FilterArns: [ruleArn("events/two")] } });
    await world.settle();
    expect(world.messagesTo("one")).to.have.length(1);
    expect(world.messagesTo("two")).to.have.length(2);
  });

  it("refuses what AWS refuses", async () => {
    await replay("taken");
    const other = busArn("default");
    const refused: [string, Partial<StartReplayCommandInput>, code: string, reason: string][] = [
      ["taken", {}, "ResourceAlreadyExistsException", "Replay taken already exists."],
      ["a", { EventSourceArn: "x" }, "ValidationException", "Must contain an archive ARN."],
      ["a", { EventSourceArn: `${archiveArn}x` }, "ValidationException", "Archive keptx does not exist."],
      ["a", { Destination: { Arn: "x" } }, "ValidationException", "Must contain an event bus ARN."],
      ["a", { Destination: { Arn: busArn("none") } }, "ResourceNotFoundException", "Event bus none does not exist."],
      ["a", { Destination: { Arn: other } }, "ValidationException", "Cross event bus replay is not permitted."],
      ["a", { EventEndTime: new Date(startsAt) }, "ValidationException", "EventStartTime must be before EventEndTime."],
      [
        "a",
        { Destination: { Arn: busArn("events"), FilterArns: ["arn:x"] } },
        "ResourceNotFoundException",
        "Rule arn:x does not exist.",
      ],
    ];
    for (const [name, more, code, reason] of refused) {
      const error = await failure(replay(name, more));
      expect(error.name).to.equal(code);
      expect(error.message).to.contain(reason);
    }
    expect((await failure(describe("none"))).message).to.equal("Replay none does not exist.");
    const missing = await failure(world.events.send(new DescribeArchiveCommand({ ArchiveName: "none" })));
    expect(missing.message).to.equal("Archive none does not exist.");
    const twice = { name: "kept", eventSourceArn: busArn("events") };
    expect((await failure(world.declare("aws:cloudwatch/eventArchive:EventArchive", "x", twice))).message).to.contain(
      "Archive kept already exists.",
    );
  });

  it("cancels a replay that still runs", async () => {
    await declareRule(world, "audit");
    await world.put(...Array(10).fill(busEntry));
    await world.settle();
    const start = world.bridge.operations["StartReplay"];
    const order = {
      ReplayName: "long",
      EventSourceArn: archiveArn,
      EventStartTime: startsAt / 1_000,
      EventEndTime: startsAt / 1_000 + 60,
      Destination: { Arn: busArn("events") },
    };
    const call: Call = {
      caller: world.cloud.principalOf("local"),
      http: { method: "POST", path: "/", query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) },
      requestId: "r",
      waiting: (work) => work(),
    };
    await start?.run(order as never, call);
    expect(await world.bridge.operations["CancelReplay"]?.run({ ReplayName: "long" } as never, call)).to.include({
      State: "CANCELLING",
    });
    await world.settle();
    expect((await describe("long")).State).to.equal("CANCELLED");
    expect(world.messagesTo("audit")).to.have.length(10);
    const late = await failure(world.events.send(new CancelReplayCommand({ ReplayName: "long" })));
    expect(late).to.include({ name: "IllegalStatusException" });
  });
});
