import { expect } from "chai";
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

  it("were all of them raised, and all of them over again", () => {
    const kinds = Object.keys(alarmKinds).sort();
    expect([...world.raised].sort()).to.deep.equal(kinds);
    expect([...world.over].sort()).to.deep.equal(kinds);
  });
});
