import { expect } from "chai";
import { picture } from "../../../commands/dashboard/picture/picture";
import { type FilledDashboard, readDashboard } from "../../../commands/dashboard/read";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

describe("the program's dashboard", function () {
  this.timeout(60_000);
  let shared: Shared;
  let seen: FilledDashboard;

  before(async () => {
    shared = await sharedCloud();
    await shared.newDay();
    await shared.turnTo(7.25);
    await shared.up.settle();
    await shared.up.turn(6 * 60_000);
    seen = await readDashboard(shared.clients.cloudWatch, `${prefix}platform`, shared.up.cloud.clock.now());
  });
  after(() => shared.newDay());

  const shown = (title: string): Record<string, number[]> => {
    const widget = seen.widgets.find((one) => "series" in one && one.widget.properties.title === title);
    if (!widget || !("series" in widget)) throw new Error(`there is no widget ${title}`);
    return Object.fromEntries(widget.series.map(({ label, points }) => [label, points.map(({ value }) => value)]));
  };
  const sum = (values: readonly number[] = []) => values.reduce((all, value) => all + value, 0);

  it("says whether today's data is in, ratings are out, and calls are left", () => {
    const calls = shared.calls().filter(({ provider }) => provider === "alphaVantage").length;
    const data = shown("Data in, 24 h");
    expect(data).to.deep.include({ "listings, runs": [1], "calendar, runs": [1] });
    expect(sum(data["data sets stored"])).to.be.greaterThan(0);
    // On this cloud, batches are made and nobody rates them.
    const rated = shown("Rated, and its cost");
    expect(rated).to.deep.include({ rated: [0], "could not be rated": [0] });
    expect(sum(shown("Event flow: handled, by consumer")["analysis-batches"])).to.be.greaterThan(0);
    expect(sum(rated["use, $ in 24 h"])).to.be.within(1e-5, 1);
    expect(shown("Calls made, 24 h")).to.deep.equal({ spent: [calls] });
    expect(sum(shown("Provider: calls")["made"])).to.equal(calls);
  });

  it("shows the same jobs and cold starts over time", () => {
    expect(sum(shown("Jobs: fetching companies' data")["done"])).to.equal(
      sum(shown("Data in, 24 h")["data sets stored"]),
    );
    expect(sum(shown("Functions: cold starts")["cold starts"])).to.be.greaterThan(0);
    expect(sum(shown("Event flow: handled, by consumer")["ingestion"])).to.be.greaterThan(0);
    expect(sum(shown("Cost of use at list price")["tables"])).to.be.greaterThan(0);
    const memory = Object.values(shown("Functions: memory, the fullest")).flat();
    expect(memory).to.have.length.greaterThan(0);
    for (const share of memory) expect(share).to.be.within(1, 125);
  });

  it("can be drawn whole, with a state for every alarm", () => {
    const svg = picture(seen);
    expect(svg).not.to.match(/NaN|undefined|Infinity/);
    for (const one of seen.widgets) {
      if ("alarms" in one) expect(one.alarms).to.have.length(one.widget.properties.alarms.length);
    }
  });
});
