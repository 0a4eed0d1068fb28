import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StartReplayCommand } from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { AwsError } from "../../../local/cloud/awsError";
import { busArn, declareRule, type EventBridgeWorld, queueArn, startsAt, startWorld } from "./serviceWorld";

describe("events that are kept in a file", () => {
  let folder: string;
  let worlds: EventBridgeWorld[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-events-"));
    worlds = [];
  });
  afterEach(async () => {
    for (const world of worlds) await world.close();
    rmSync(folder, { recursive: true });
  });

  /** The same program over the same file; the one before it just stops being asked. */
  const open = async (ready: (world: EventBridgeWorld) => void = () => undefined): Promise<EventBridgeWorld> => {
    const world = await startWorld(join(folder, "events.jsonl"));
    worlds.push(world);
    ready(world);
    await world.declare("aws:cloudwatch/eventBus:EventBus", "events", { name: "events" });
    await world.declare("aws:cloudwatch/eventArchive:EventArchive", "all", {
      name: "all",
      eventSourceArn: busArn("events"),
    });
    await declareRule(world, "jobs");
    return world;
  };
  const unreachable = (world: EventBridgeWorld) => {
    world.refusals.set(queueArn("jobs"), () => new AwsError("ServiceUnavailable", "not now", 503));
  };
  const bodies = (world: EventBridgeWorld) =>
    world.messagesTo("jobs").map(({ body }) => (JSON.parse(body) as { detail: { n: number } }).detail.n);

  it("reach after a restart the target that did not get them before, and no other twice", async () => {
    const first = await open();
    await first.put({ EventBusName: "events", Detail: '{"n":1}' });
    await first.cloud.activity.idle();
    expect(bodies(first)).to.deep.equal([1]);
    unreachable(first);
    await first.put({ EventBusName: "events", Detail: '{"n":2}' });
    await first.cloud.activity.idle();
    expect(bodies(first)).to.deep.equal([1]);
    const second = await open();
    await second.cloud.activity.idle();
    expect(bodies(second)).to.deep.equal([2]);
    const third = await open();
    await third.cloud.activity.idle();
    expect(bodies(third)).to.deep.equal([]);
  });

  it("can be replayed from the archive after a restart", async () => {
    const first = await open();
    await first.put({ EventBusName: "events", Detail: '{"n":7}' });
    await first.cloud.activity.idle();
    const second = await open();
    await second.events.send(
      new StartReplayCommand({
        ReplayName: "again",
        EventSourceArn: "arn:aws:events:us-east-1:123456789012:archive/all",
        EventStartTime: new Date(startsAt - 60_000),
        EventEndTime: new Date(startsAt + 60_000),
        Destination: { Arn: busArn("events") },
      }),
    );
    await second.settle();
    expect(bodies(second)).to.deep.equal([7]);
  });

  it("are forgotten on reset", async () => {
    const first = await open();
    unreachable(first);
    await first.put({ EventBusName: "events", Detail: '{"n":3}' });
    await first.cloud.activity.idle();
    await first.bridge.reset();
    const second = await open();
    await second.cloud.activity.idle();
    expect(bodies(second)).to.deep.equal([]);
  });
});
