import { DeleteCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Context } from "aws-lambda";
import { expect } from "chai";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { experimentDays } from "../../../functions/processing/experimentDays";
import { Failure } from "../../../functions/processing/failure";
import { putExperiments } from "../../../functions/processing/putExperiments";
import { makeMemory } from "../../../functions/processing/stream/memory";
import { parsePutRequest, put } from "../../../functions/processing/stream/put";
import { parseResultsRequest, type ResultsQuery } from "../../../functions/processing/stream/results/request";
import { results } from "../../../functions/processing/stream/results/results";
import { captureOutput } from "../output";
import { testRun } from "../run";
import { context } from "../world";
import { batchOf, cleanWorld, event, now, processor, record } from "./world";

const ask = (over: Partial<ResultsQuery> = {}) =>
  results(parseResultsRequest({ experimentId: "checkout", ...over }, now), makeMemory(), testRun(now));

const tell = (...events: object[]) => captureOutput(() => processor()(batchOf(...events)));

const metric = (variant: string, at: number, value: number) =>
  event(`${variant}-${at}`, { eventType: "metric", metric: "latency", variant, value, userId: `${variant}-${at}` });

/** So many users who saw a variant, and so many of them who reached the goal. */
const users = (variant: string, exposed: number, converted: number) =>
  Array.from({ length: exposed }, (_, at) => [
    event(`${variant}-seen-${at}`, { variant, userId: `${variant}-${at}` }),
    ...(at < converted
      ? [event(`${variant}-paid-${at}`, { variant, userId: `${variant}-${at}`, eventType: "conversion", goal: "paid" })]
      : []),
  ]).flat();

/** As DynamoDB does once their time is over. */
const expire = async (hour: string): Promise<void> => {
  const TableName = "event-aggregations";
  const { Items = [] } = await dynamodb().send(new ScanCommand({ TableName }));
  for (const { partition_key, sort_key } of Items.filter((item) => String(item["partition_key"]).includes(hour)))
    await dynamodb().send(new DeleteCommand({ TableName, Key: { partition_key, sort_key } }));
};

const fieldOf = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error.field;
  }
  return "nothing was refused";
};

describe("the results of an experiment", () => {
  beforeEach(async () => {
    await cleanWorld();
  });

  it("compare rates as the published example does", async () => {
    await tell(...users("A", 195, 41), ...users("B", 605, 351));
    const { total, comparisons, control } = await ask();
    expect(control).to.equal("A");
    expect(total.map(({ rates }) => rates["paid"])).to.deep.equal([
      { converted: 41, exposed: 195, rate: 41 / 195 },
      { converted: 351, exposed: 605, rate: 351 / 605 },
    ]);
    expect(comparisons).to.have.length(1);
    const [said] = comparisons;
    expect(said).to.include({ variant: "B", control: "A", goal: "paid", test: "two-proportion z, pooled" });
    expect(said?.statistic).to.be.closeTo(8.99, 0.005);
    expect(said?.interval.low).to.be.closeTo(0.30049924, 5e-8);
    expect(said?.sizes).to.deep.equal({ variant: 605, control: 195 });
  });

  it("compare means as R does", async () => {
    const first = [11, 9, 10, 11, 10, 12, 9, 11, 12, 9];
    const second = [11, 13, 10, 13, 12, 9, 11, 12, 12, 11];
    await tell(
      ...second.map((value, at) => metric("A", at, value)),
      ...first.map((value, at) => metric("B", at, value)),
    );
    const { total, comparisons } = await ask();
    expect(total[1]?.metrics["latency"]).to.deep.equal({
      events: 10,
      users: 10,
      values: { count: 10, sum: "104", mean: 10.4, variance: 12.4 / 9, min: 9, max: 12 },
    });
    expect(comparisons[0]).to.include({ metric: "latency", test: "Welch's t" });
    expect(comparisons[0]?.pValue).to.be.closeTo(0.08356, 5e-6);
  });

  it("count a user who came on several days once, and converted users only among those who saw the variant", async () => {
    const yesterday = { timestamp: now - 86_400_000 };
    await tell(
      event("1", yesterday),
      event("2"),
      event("3", { userId: "bob" }),
      event("4", { eventType: "conversion", goal: "paid", value: 5 }),
      event("5", { eventType: "conversion", goal: "paid", userId: "stranger" }),
    );
    const { total, windows } = await ask({ window: "day" });
    expect(total[0]?.exposures).to.deep.equal({ events: 3, users: 2 });
    expect(total[0]?.conversions["paid"]).to.include({ events: 2, users: 2 });
    expect(total[0]?.rates["paid"]).to.deep.equal({ converted: 1, exposed: 2, rate: 0.5 });
    expect(windows?.map(({ window, variants }) => [window, variants[0]?.exposures.users])).to.deep.equal([
      ["2026-10-28", 1],
      ["2026-10-29", 2],
    ]);
  });

  it("have everything up to their moment, hour by hour where that is asked for", async () => {
    await tell(event("1"));
    expect((await ask()).total[0]?.exposures.events).to.equal(1);
    await tell(event("2", { timestamp: now - 3_600_000 }), event("3"));
    const { windows, total } = await ask({ window: "hour" });
    expect(total[0]?.exposures.events).to.equal(3);
    expect(windows?.map(({ window, variants }) => [window, variants[0]?.exposures.events])).to.deep.equal([
      ["2026-10-29T11", 1],
      ["2026-10-29T12", 2],
    ]);
  });

  it("are read by few requests, however many of the hours in question have nothing new", async () => {
    await tell(event("1"), event("2", { timestamp: now - 30 * 3_600_000 }));
    const operations: string[] = [];
    const run = testRun(now);
    const counting = {
      ...run,
      call: <T>(operation: string, origin: "dynamodb", send: () => Promise<T>): Promise<T> => {
        operations.push(operation);
        return run.call(operation, origin, send);
      },
    } as typeof run;
    const fortnight = parseResultsRequest({ experimentId: "checkout", from: "2026-10-16", to: "2026-10-29" }, now);
    const { total } = await results(fortnight, makeMemory(), counting);
    expect(total[0]?.exposures.events).to.equal(2);
    const count = (of: string) => operations.filter((operation) => operation === of).length;
    // The experiment's row, and the hours of each day; which logs each day has, each day's log twice, and the one hour that its
    // day does not have yet.
    expect([count("BatchGetItem"), count("Query"), count("PutItem")]).to.deep.equal([15, 43, 1]);
  });

  it("have what was counted while there were more logs, in days and hours, taken into its day or not", async () => {
    const sent = (day: number) =>
      Array.from({ length: 20 }, (_, at) =>
        event(`${day}-${at}`, { userId: `user-${at}`, timestamp: now - day * 86_400_000 }),
      );
    process.env["EXPERIMENT_SHARDS"] = "8";
    await tell(...sent(0), ...sent(2));
    await ask({ from: "2026-10-27", to: "2026-10-27" });
    process.env["EXPERIMENT_SHARDS"] = "2";
    await tell(...sent(1));
    const { total, windows } = await ask({ from: "2026-10-27", window: "hour" });
    expect(total[0]?.exposures).to.deep.equal({ events: 60, users: 20 });
    expect(windows?.map(({ variants }) => variants[0]?.exposures)).to.deep.equal(
      Array(3).fill({ events: 20, users: 20 }),
    );
  });

  it("have what nothing followed and nobody asked about, when its hours are gone", async () => {
    process.env["EXPERIMENT_SHARDS"] = "2";
    const late = Date.parse("2026-10-28T21:10:00Z");
    const sent = Array.from({ length: 20 }, (_, at) => event(`${at}`, { userId: `user-${at}`, timestamp: late }));
    const arrived = { approximateArrivalTimestamp: late / 1_000 };
    await captureOutput(() =>
      processor({ now: () => late })({ Records: sent.map((one, at) => record(one, at, arrived)) }),
    );
    const night = { trigger: "fold", time: "2026-10-29T00:15:00Z" };
    for (let times = 0; times < 2; times++) {
      const { result } = await captureOutput(() => experimentDays(night, context() as Context));
      expect(result).to.deep.equal({ days: ["2026-10-28", "2026-10-20"], logs: 2 });
    }
    await expire("2026-10-28T21");
    expect((await ask()).total[0]?.exposures).to.deep.equal({ events: 20, users: 20 });
  });

  it("have what was redriven when no night looks at its day any more", async () => {
    const then = Date.parse("2026-10-17T21:10:00Z");
    await captureOutput(() =>
      processor({ now: () => now })({
        Records: [record(event("1", { timestamp: then }), 0, { approximateArrivalTimestamp: then / 1_000 })],
      }),
    );
    await expire("2026-10-17T21");
    expect((await ask()).total[0]?.exposures).to.deep.equal({ events: 1, users: 1 });
  });

  it("have no hour of which entries may be gone, but its day", async () => {
    await tell(event("1"));
    const later = Date.parse("2026-10-29T13:00:00Z") + 400 * 86_400_000;
    const of = (moment: number) =>
      results(
        parseResultsRequest({ experimentId: "checkout", to: "2026-10-29", window: "hour" }, moment),
        makeMemory(),
        testRun(moment),
      );
    expect((await of(later - 1)).windows).to.have.length(1);
    const gone = await of(later);
    expect(gone.windows).to.deep.equal([]);
    expect(gone.total[0]?.exposures.events).to.equal(1);
  });

  it("say what the experiment is called and who its control is, and nothing where nothing was counted", async () => {
    const told = { experimentId: "checkout", name: "Checkout", status: "running", control: "B", variants: ["A", "B"] };
    await put(parsePutRequest({ experiments: [told] }), testRun(now));
    expect(await ask()).to.deep.equal({
      experimentId: "checkout",
      name: "Checkout",
      status: "running",
      from: "2026-10-16",
      to: "2026-10-29",
      confidence: 0.95,
      control: "B",
      total: [],
      comparisons: [],
    });
  });

  it("are refused with the name of the field that is wrong", () => {
    const of = (query: object) => fieldOf(() => parseResultsRequest({ experimentId: "checkout", ...query }, now));
    expect(of({ experimentId: "" })).to.equal("query.experimentId");
    expect(of({ from: "yesterday" })).to.equal("query.from");
    expect(of({ from: "2026-10-02", to: "2026-10-01" })).to.equal("query.to");
    expect(of({ from: "2026-01-01", to: "2026-10-01" })).to.equal("query.from");
    expect(of({ from: "2026-10-01", to: "2026-10-05", window: "hour" })).to.equal("query.from");
    expect(of({ window: "week" })).to.equal("query.window");
    expect(of({ confidence: 1 })).to.equal("query.confidence");
    expect(of({ more: 1 })).to.equal("query.more");
  });
});

describe("experiments and assignments", () => {
  beforeEach(async () => {
    await cleanWorld();
  });
  const assign = (variant: string) =>
    put(parsePutRequest({ assignments: [{ userId: "ann", experimentId: "checkout", variant }] }), testRun(now));

  it("are taken; a user keeps the variant that came first", async () => {
    expect(await assign("A")).to.deep.equal({ experiments: 0, assignments: 1, kept: [] });
    expect(await assign("A")).to.deep.equal({ experiments: 0, assignments: 1, kept: [] });
    expect(await assign("B")).to.deep.equal({
      experiments: 0,
      assignments: 0,
      kept: [{ userId: "ann", experimentId: "checkout", variant: "A" }],
    });
  });

  it("are refused with the name of the field that is wrong", async () => {
    const sound = { experimentId: "checkout", name: "Checkout", status: "running", control: "A", variants: ["A", "B"] };
    const of = (over: object) => fieldOf(() => parsePutRequest({ experiments: [{ ...sound, ...over }] }));
    expect(of({ control: "C" })).to.equal("request.experiments.0.control");
    expect(of({ variants: ["A"] })).to.equal("request.experiments.0.variants");
    expect(of({ status: "on" })).to.equal("request.experiments.0.status");
    expect(of({ experimentId: "a#b" })).to.equal("request.experiments.0.experimentId");
    // Too many are counted, and not looked at one by one.
    expect(fieldOf(() => parsePutRequest({ assignments: Array(1_001).fill({}) }))).to.equal("request.assignments");
    expect(fieldOf(() => parsePutRequest({ assignments: "all" }))).to.equal("request.assignments");
    const { result } = await captureOutput(() =>
      putExperiments({ assignments: [{ userId: "" }] }, context() as Context).catch((error: Error) => error.message),
    );
    expect(result).to.include("request.assignments.0.userId must not be empty");
  });
});
