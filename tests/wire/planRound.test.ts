import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import { Failure } from "../../functions/processing/failure";
import { planRound } from "../../functions/processing/planning/planRound";
import {
  cleanMarket,
  fated,
  invocation,
  list,
  type MarketWorld,
  marketWorld,
  noon,
  pollinated,
  quietly,
  rowsOf,
  wanted,
} from "./marketWorld";

const slot = "pollinationPlanner#regular#2026-08-28T12";
const hour = 3_600_000;

describe("a round of the planner", () => {
  let world: MarketWorld;
  before(async () => {
    world = await marketWorld();
  });
  beforeEach(cleanMarket);
  after(cleanMarket);

  const round = (watchlist: readonly string[] = [], run = invocation()) =>
    quietly(() => planRound("regular", slot, watchlist, run));
  const asked = (type = "pollenationNeeded") =>
    world.bus.accepted
      .filter(({ DetailType }) => DetailType === type)
      .map(
        ({ Detail }) =>
          JSON.parse(Detail) as { assetId: string; priority: string; dataTypes: string[]; causationId?: string },
      );

  it("asks for as many companies as the day has calls for, those of the watchlist first, and accounts for the others", async () => {
    await list("A", "B", "C", "D", "E", "F");
    const { picks, resumed, skipped, callsPlanned } = await round(["F", "NONE"]);
    expect(asked().map(({ assetId, priority }) => `${assetId} ${priority}`)).to.have.members([
      "F medium",
      "A low",
      "B low",
      "C low",
    ]);
    expect(new Set(asked().map(({ causationId }) => causationId))).to.deep.equal(new Set([slot]));
    expect(picks.map(({ assetId }) => assetId)).to.deep.equal(["F", "A", "B", "C"]);
    expect({ resumed, callsPlanned }).to.deep.equal({ resumed: [], callsPlanned: 20 });
    expect(skipped).to.deep.equal([
      { reason: "needs 5 calls, the budget has 0 left", count: 2, such: ["D", "E"] },
      { reason: "not in the universe", count: 1, such: ["NONE"] },
    ]);
  });

  it("goes on with what is half done before anything else, and leaves alone what is being worked on", async () => {
    await list("A", "B");
    await pollinated(wanted("B", ["earnings", "cash_flow"]));
    await dynamodb().send(
      new PutCommand({ TableName: "processing-state", Item: { asset_id: "SYNC#assets", watermark: "x" } }),
    );
    const { resumed, picks } = await round();
    expect(resumed.map(({ assetId }) => assetId)).to.deep.equal(["B"]);
    expect(picks.map(({ assetId }) => assetId)).to.deep.equal(["A"]);
    expect(asked().find(({ assetId }) => assetId === "B")).to.deep.include({
      priority: "high",
      dataTypes: ["earnings", "cash_flow"],
    });
  });

  it("prefers who reported, as the calendar has it", async () => {
    await list("A", "B");
    const yesterday = new Date(noon - 86_400_000).toISOString().slice(0, 10);
    const entry = { asset_id: "ASSET#B", earnings_date: yesterday, status: "scheduled", version: 1, source_time: 0 };
    await dynamodb().send(new PutCommand({ TableName: "earnings-calendar", Item: entry }));
    const { picks } = await round();
    expect(picks.map(({ assetId, priority }) => `${assetId} ${priority}`)).to.deep.equal(["B high", "A low"]);
  });

  it("asks for each company once a slot, however often it runs", async () => {
    await list("A", "B");
    await round();
    await round();
    expect(asked().map(({ assetId }) => assetId)).to.have.members(["A", "B"]);
  });

  it("fails where a company could not be asked for, after it has asked for the others; the next try asks for the rest", async () => {
    await list("A", "B");
    const unlucky = fated(invocation(), (operation, count) =>
      operation === "PutItem" && count !== 2 ? "fails" : "works",
    );
    const failure = await round([], unlucky).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Failure).and.include({ category: "throttled" });
    expect((failure as Failure).message).to.match(/^1 of 2 requests failed, [AB]: /);
    expect(asked()).to.have.length(1);
    await round();
    expect(asked().map(({ assetId }) => assetId)).to.have.members(["A", "B"]);
  });

  it("rings for what waits for a company that is not traded any more", async () => {
    await list("A", "B");
    await pollinated(wanted("A", ["earnings"]), invocation(noon - hour));
    world.bus.accepted.splice(0);
    await dynamodb().send(new PutCommand({ TableName: "assets", Item: { asset_id: "ASSET#A", status: "delisted" } }));
    const { skipped, resumed } = await round();
    expect(resumed).to.deep.equal([]);
    expect(skipped).to.deep.include({ reason: "not active", count: 1, such: ["A"] });
    expect(asked("dataIngestionNeeded").map(({ assetId }) => assetId)).to.deep.equal(["A"]);
    await round();
    expect(asked("dataIngestionNeeded")).to.have.length(1);
    expect((await rowsOf("queue-tracking")).length).to.equal(1);
  });
});
