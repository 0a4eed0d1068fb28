import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "chai";
import { asked } from "../../../commands/trace/insights";
import { alarmKinds } from "../../../infra/alarmKinds";
import { alarmsOfDelivery } from "./alarms/delivery";
import { alarmsOfEvents } from "./alarms/events";
import { alarmsOfRatings } from "./alarms/ratings";
import { alarmsOfRequests } from "./alarms/requests";
import { alarmsOfShadow } from "./alarms/shadow";
import { alarmsOfStream } from "./alarms/stream";
import { alarmWorld } from "./alarms/world";
import { type Shared, sharedCloud } from "./sharedCloud";

describe("alarms of every kind, driven by their cause and over without it", function () {
  this.timeout(120_000);
  let shared: Shared;
  const world = alarmWorld(() => shared);

  before(async () => {
    shared = await sharedCloud();
  });
  beforeEach(async () => {
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
  });
  afterEach(async () => {
    // Also after one that failed: what it took away is not missed by those that follow.
    for (const consumer of ["dlq-processor", "ingestion", "experiment-stream", "direct-triggers"]) {
      await shared.consume(consumer, true);
    }
  });
  after(async () => {
    await shared.newDay();
  });

  alarmsOfEvents(world);
  alarmsOfDelivery(world);
  alarmsOfRequests(world);
  alarmsOfRatings(world);
  alarmsOfStream(world);
  alarmsOfShadow(world);

  it("left no error and no warning without its category and reason", async () => {
    const { clients, up } = shared;
    const { logGroups = [] } = await clients.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws/lambda/" }),
    );
    const unsaid = [
      'filter level in ["ERROR", "WARN"] and ispresent(functionName)',
      "filter not (ispresent(category) and ispresent(reason))",
      "fields functionName, message",
    ];
    const groups = logGroups.flatMap(({ logGroupName }) => logGroupName ?? []);
    expect(await asked(clients.logs, unsaid.join(" | "), groups, { from: 0, to: up.cloud.clock.now() })).to.deep.equal(
      [],
    );
  });

  it("were all of them raised, and all of them over again", () => {
    const kinds = Object.keys(alarmKinds).sort();
    expect([...world.raised].sort()).to.deep.equal(kinds);
    expect([...world.over].sort()).to.deep.equal(kinds);
  });
});
