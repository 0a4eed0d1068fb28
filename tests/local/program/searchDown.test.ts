import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import type { Answer } from "../../../functions/processing/search/results";
import { universe } from "../../../local/market/universe";
import { scan } from "./book";
import { storeFundamentals } from "./fundamentals";
import { prefix, type Shared, sharedCloud } from "./sharedCloud";

const [first, second] = universe.filter(({ generated }) => generated);
const rules = ["analysis", "search-indexing"];
const quarters = [1, 2, 3, 4];

describe("the search domain down for an hour, and back", function () {
  this.timeout(60_000);
  let shared: Shared;
  let cloudWatch: CloudWatchClient;

  before(async () => {
    shared = await sharedCloud();
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    cloudWatch = new CloudWatchClient({ endpoint: shared.up.url, region: "us-east-1", credentials });
    await shared.newDay();
    await shared.hear(true, ...rules);
  });
  after(async () => {
    await shared.hear(false, ...rules);
    cloudWatch.destroy();
  });

  const ask = async (query: object): Promise<Answer> => {
    const { Payload, FunctionError } = await shared.clients.lambda.send(
      new InvokeCommand({ FunctionName: `${prefix}search`, Payload: JSON.stringify(query) }),
    );
    expect(FunctionError).to.equal(undefined);
    return JSON.parse(Payload?.transformToString() ?? "") as Answer;
  };
  const found = ({ results }: Answer) => results.map(({ type, id, rating }) => `${type}/${id} ${rating ?? "unrated"}`);
  const rate = async (symbol: string) => {
    const assetIds = [symbol];
    const detail = { eventId: `rate-${symbol}`, assetIds, batchSize: 8, analysisType: "rule_based", priority: "high" };
    await shared.tell({ type: "analysisNeeded", detail });
    await shared.up.settle();
    const [latest] = (await scan(shared, "asset-analysis")).filter(
      ({ asset_id, analysis_key }) => asset_id === `ASSET#${symbol}` && analysis_key === "LATEST",
    );
    return String(latest?.["investment_rating"]);
  };
  const waiting = async () => (await scan(shared, "queue-tracking")).filter(({ queue }) => queue === "search");
  const alarm = async (name: string) => {
    const { MetricAlarms = [] } = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [`${prefix}${name}`] }),
    );
    return MetricAlarms[0]?.StateValue;
  };
  const companies = (of: typeof first) => ({ text: of?.name ?? "", filters: { types: ["assets", "analysis"] } });

  it("is answered for by the tables in the same shape, says so, alarms, and has everything once it is back", async () => {
    const [before, during] = [first?.symbol ?? "", second?.symbol ?? ""];
    await Promise.all([storeFundamentals(shared, before), storeFundamentals(shared, during)]);
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    await shared.turnTo(4.6, { only: ["search-repair"] });
    const rating = await rate(before);
    await shared.turnTo(4.8, { only: ["search-repair"] });
    const whole = await ask(companies(first));
    expect(whole.degraded).to.equal(false);
    expect(found(whole).slice(0, 2)).to.have.members([`assets/${before} ${rating}`, `analysis/${before} ${rating}`]);
    expect(await waiting()).to.deep.equal([]);

    const fault = shared.up.cloud.faults.inject({ kind: "serverError", service: "es" });
    const ratedMeanwhile = await rate(during);
    expect(await waiting()).to.have.length.greaterThan(0);
    for (const quarter of quarters) {
      await shared.turnTo(4.8 + quarter / 4, { only: ["search-repair"] });
      const answer = await ask(companies(second));
      expect(answer).to.include({ degraded: true }).and.have.property("reason");
      expect(found(answer).slice(0, 2)).to.have.members([
        `assets/${during} ${ratedMeanwhile}`,
        `analysis/${during} ${ratedMeanwhile}`,
      ]);
      const [known] = (await ask(companies(first))).results.filter(({ type }) => type === "analysis");
      const [same] = whole.results.filter(({ type, id }) => type === "analysis" && id === before);
      for (const field of ["id", "type", "title", "symbols", "sector", "rating", "date"] as const) {
        expect(known?.[field], field).to.deep.equal(same?.[field]);
      }
      expect(Object.keys(known ?? {})).to.include.members(["score", "highlights"]);
    }
    expect(fault.hits()).to.be.greaterThan(quarters.length);
    expect(await alarm("search-repair-search")).to.equal("ALARM");

    fault.remove();
    await shared.turnTo(6.1, { only: ["search-repair"] });
    expect(await waiting()).to.deep.equal([]);
    const again = await ask(companies(second));
    expect(again.degraded).to.equal(false);
    expect(found(again).slice(0, 2)).to.have.members([
      `assets/${during} ${ratedMeanwhile}`,
      `analysis/${during} ${ratedMeanwhile}`,
    ]);
    await shared.turnTo(6.3, { only: ["nothing"] });
    expect(await alarm("search-repair-search")).to.equal("OK");
    const lost = (await scan(shared, "dead-letters")).length;
    expect(lost).to.equal(0);
  });
});
