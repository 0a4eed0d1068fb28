import { expect } from "chai";
import { gather, type PollinationComplete } from "../../functions/processing/batching/gather";
import type { Priority } from "../../functions/processing/events/fields";
import { cleanMarket, fated, invocation, noon, quietly, rowsOf, writes } from "./marketWorld";
import { goesAfter } from "./tables";
import { world as services, type World } from "./world";

const complete = (
  assetId: string,
  priority: Priority = "low",
  eventId = `complete-${assetId}`,
): PollinationComplete => ({
  eventId,
  eventType: "pollinationComplete",
  eventVersion: "1.0",
  timestamp: noon,
  correlationId: `story-${assetId}`,
  source: "signal9.advisor",
  payload: { assetId, dataTypes: ["earnings"], priority },
});

interface Batch {
  assetIds: string[];
  batchSize: number;
  analysisType: string;
  priority: string;
  correlationId: string;
  causationId: string;
}

describe("gathering for the analysis", () => {
  let world: World;
  before(async () => {
    world = await services();
  });
  beforeEach(cleanMarket);
  after(cleanMarket);

  const gathered = (events: readonly PollinationComplete[], run = invocation()) => quietly(() => gather(events, run));
  const batches = () => world.bus.accepted.map(({ Detail }) => JSON.parse(Detail) as Batch);

  it("calls for all companies of a delivery together, as urgently as the most urgent of them", async () => {
    const said = await gathered([complete("MSFT"), complete("AAPL", "medium"), complete("IBM")]);
    expect(said).to.equal("called for the analysis of AAPL, IBM, MSFT");
    expect(batches()).to.have.length(1);
    expect(batches()[0]).to.deep.include({
      assetIds: ["AAPL", "IBM", "MSFT"],
      batchSize: 8,
      analysisType: "rule_based",
      priority: "medium",
      causationId: "complete-MSFT",
    });
    expect(batches()[0]?.correlationId).to.match(/^analysisNeeded-/);
  });

  it("goes on with the story of a company that comes alone", async () => {
    await gathered([complete("AAPL")]);
    expect(batches()[0]?.correlationId).to.equal("story-AAPL");
  });

  it("takes each completion once: twice in a delivery, delivered again, in other company, at the same moment", async () => {
    const [apple, ibm, msft] = [complete("AAPL"), complete("IBM"), complete("MSFT")];
    await gathered([apple, apple, ibm]);
    expect(await gathered([ibm, apple])).to.equal("gathered before");
    await Promise.all([0, 1].map(() => gather([apple, msft], invocation())));
    expect(batches().flatMap(({ assetIds }) => assetIds)).to.deep.equal(["AAPL", "IBM", "MSFT"]);
    await gathered([complete("AAPL", "low", "another round")]);
    expect(batches()).to.have.length(3);
    const goes = (await rowsOf("effects")).map(({ expires_at }) => expires_at);
    expect(goes).to.deep.equal(Array(4).fill(goesAfter(400, noon)));
  });

  it("loses none, and calls once, where the answers are lost", async () => {
    const lossy = fated(invocation(), (operation, count) =>
      writes.has(operation) && count % 2 === 1 ? "is lost" : "works",
    );
    await gathered([complete("AAPL"), complete("IBM")], lossy);
    const stored = (await rowsOf("event-store")).filter(({ event_type }) => event_type === "analysisNeeded");
    expect(stored).to.have.length(1);
    expect(await gathered([complete("AAPL"), complete("IBM")])).to.equal("gathered before");
  });

  it("leaves the call to the sweeper where the bus does not take it", async () => {
    world.bus.script.push({ refuse: 1 }, { refuse: 1 }, { refuse: 1 });
    await gathered([complete("AAPL")]);
    expect(batches()).to.deep.equal([]);
    expect((await rowsOf("event-store")).map(({ status }) => status)).to.deep.equal(["pending"]);
  });
});
