import { expect } from "chai";
import { totalsEvery } from "../../../functions/processing/stream/count/entry";
import { makeMemory } from "../../../functions/processing/stream/memory";
import { parseResultsRequest } from "../../../functions/processing/stream/results/request";
import { results } from "../../../functions/processing/stream/results/results";
import { captureOutput } from "../output";
import { testRun } from "../run";
import { batchOf, cleanWorld, event, now, processor } from "./world";

const longest = 64;

const measured = (at: number) =>
  event(`${at}`, {
    eventType: "metric",
    metric: `m${String(at).padStart(longest - 1, "0")}`,
    value: 123.456,
    userId: `user-${at}`,
  });

const ask = async () => {
  const request = parseResultsRequest({ experimentId: "checkout", to: "2026-10-29", window: "hour" }, now);
  const { total, windows } = await results(request, makeMemory(), testRun(now));
  const [whole, hour] = [total[0], windows?.[0]?.variants[0]];
  return { whole, hour };
};

describe("an experiment with more measures than fit one item of a table", () => {
  beforeEach(async () => {
    await cleanWorld();
  });

  const check = async (count: number) => {
    const { whole, hour } = await ask();
    for (const said of [whole, hour]) {
      const metrics = Object.values(said?.metrics ?? {});
      expect(metrics).to.have.length(count);
      expect(metrics.every(({ events, users }) => events === 1 && users === 1)).to.equal(true);
    }
  };

  it("is counted batch by batch, and told whole, by the hour and by the day", async () => {
    const each = 150;
    const by = processor();
    const batches = totalsEvery + 2;
    for (let batch = 0; batch < batches; batch++) {
      const events = Array.from({ length: each }, (_, at) => measured(batch * each + at));
      const { result } = await captureOutput(() => by(batchOf(...events)));
      expect(result.batchItemFailures).to.deep.equal([]);
    }
    await check(each * batches);
  });

  it("is counted where all of them come in one batch, and once when that comes again", async () => {
    const batch = batchOf(Array.from({ length: 2_500 }, (_, at) => measured(at)));
    for (let times = 0; times < 2; times++) {
      const { result } = await captureOutput(() => processor()(batch));
      expect(result.batchItemFailures).to.deep.equal([]);
    }
    await check(2_500);
  });
});
