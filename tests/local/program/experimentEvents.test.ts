import { gzipSync } from "node:zlib";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import type { PutAnswer } from "../../../functions/processing/stream/put";
import type { Results } from "../../../functions/processing/stream/results/results";
import { aggregated } from "../../unit/stream/aggregated";
import { scan } from "./book";
import { hour, prefix, type Shared, sharedCloud } from "./sharedCloud";
import { streamWorld } from "./streamWorld";

describe("events of experiments, from the stream to what is asked of them,", function () {
  this.timeout(120_000);
  let shared: Shared;
  let stream: ReturnType<typeof streamWorld>;
  /** Of each test its own. */
  let experimentId = "";
  let tests = 0;
  before(async () => {
    shared = await sharedCloud();
    stream = streamWorld(shared);
  });
  beforeEach(async () => {
    await shared.newDay();
    experimentId = `events-${++tests}`;
  });
  after(async () => {
    stream.close();
    await shared.newDay();
  });

  const now = () => shared.up.cloud.clock.now();
  const event = (eventId: string, over: object = {}) => ({
    eventId,
    eventType: "exposure",
    timestamp: now() - 1_000,
    experimentId,
    userId: "ann",
    variant: "B",
    ...over,
  });
  const ask = (over: object = {}) => stream.call<Results>("experiment-results", { experimentId, ...over });
  const exposures = async () => (await ask()).total.map(({ variant, exposures: { events } }) => [variant, events]);

  it("may come gzipped and gathered, and what is bad among them costs the others nothing", async () => {
    const text = (eventId: string) => JSON.stringify(event(eventId));
    await stream.put([
      gzipSync(JSON.stringify([event("1"), event("2")])),
      aggregated(text("3"), "not an event", gzipSync(text("4"))),
      Buffer.from([0xff, 0xfe]),
    ]);
    expect(await exposures()).to.deep.equal([["B", 4]]);
    const letters = await scan(shared, "dead-letters");
    const refused = letters.map(({ body }) => Buffer.from(String(JSON.parse(String(body)).data), "base64"));
    expect(refused.map((bytes) => bytes.toString("latin1")).sort()).to.deep.equal(["not an event", "\xff\xfe"]);
  });

  it("of a version that is not known yet are quarantined, whole", async () => {
    await stream.put([event("1", { eventVersion: "2.0", more: { of: "it" } }), event("2", { eventVersion: "1.7" })]);
    expect(await exposures()).to.deep.equal([["B", 1]]);
    const [letter, ...more] = await scan(shared, "dead-letters");
    expect(more).to.deep.equal([]);
    expect(letter).to.include({ category: "permanent", field: "event.eventVersion", origin: "experiment-stream" });
    const { data } = JSON.parse(String(letter?.["body"])) as { data: string };
    expect(JSON.parse(Buffer.from(data, "base64").toString())).to.deep.include({ eventId: "1", more: { of: "it" } });
  });

  it("are archived by the hour in which they happened, with what the tables say of their users", async () => {
    const at = now();
    const assignedAt = at - 5 * hour;
    await stream.call("put-experiments", {
      experiments: [{ experimentId, name: "Checkout", status: "running", control: "A", variants: ["A", "B"] }],
      assignments: [{ userId: "ann", experimentId, variant: "A", assignedAt }],
    });
    const late = at - 3 * hour;
    await stream.put([event("late", { timestamp: late, nested: { deep: [1] } }), event("new", { userId: "bob" })]);
    const lines = new Map((await stream.archived()).map((line) => [line["event_id"], line]));
    const [year, month, day, of] = new Date(late).toISOString().split(/[-T:]/);
    expect(lines.get("late")).to.deep.include({
      experiment_name: "Checkout",
      assigned_variant: "A",
      variant: "B",
      since_assignment_ms: 2 * hour,
      other: { nested: { deep: [1] } },
    });
    expect(lines.get("late")?.key).to.include(`year=${year}/month=${month}/day=${day}/hour=${of}/`);
    expect(lines.get("new")).to.not.have.any.keys("assigned_variant", "since_assignment_ms");
    expect(lines.get("new")?.key).to.not.equal(lines.get("late")?.key);
  });

  it("count in their own hours and days, however late they come", async () => {
    const yesterday = now() - 24 * hour;
    await stream.put([event("1"), event("2", { timestamp: yesterday }), event("3", { timestamp: yesterday })]);
    const dayOf = (moment: number) => new Date(moment).toISOString().slice(0, 10);
    const days = { from: dayOf(yesterday), to: dayOf(now()) };
    const counted = async (window: string) =>
      (await ask({ ...days, window })).windows?.map((one) => [one.window, one.variants[0]?.exposures.events]);
    expect(await counted("day")).to.deep.equal([
      [days.from, 2],
      [days.to, 1],
    ]);
    const hourOf = (moment: number) => new Date(moment).toISOString().slice(0, 13);
    expect(await counted("hour")).to.deep.equal([
      [hourOf(yesterday), 2],
      [hourOf(now() - 1_000), 1],
    ]);
    const [total] = (await ask(days)).total;
    expect([total?.exposures.events, total?.exposures.users]).to.deep.equal([3, 1]);
  });

  it("are compared: what a metric came to, and whether that may be chance", async () => {
    const measured = (variant: string, at: number, value: number) =>
      event(`${variant}-${at}`, { eventType: "metric", metric: "latency", value, variant, userId: `${variant}-${at}` });
    const values = Array.from({ length: 40 }, (_, at) => at % 5);
    await stream.put(values.flatMap((value, at) => [measured("A", at, value), measured("B", at, value + 3.5)]));
    const { total, comparisons } = await ask({ control: "A" });
    expect(total.map(({ metrics }) => metrics["latency"]?.values?.sum)).to.deep.equal(["80", "220"]);
    const [latency, ...more] = comparisons;
    expect(more).to.deep.equal([]);
    expect(latency).to.deep.include({
      variant: "B",
      control: "A",
      metric: "latency",
      test: "Welch's t",
      difference: 3.5,
    });
    expect(latency?.pValue).to.be.lessThan(1e-9);
    expect([latency?.interval.low, latency?.interval.high].every((bound) => (bound ?? 0) > 2.5)).to.equal(true);
  });

  it("count under the variant that their user was given first, whatever was said later", async () => {
    const assign = (variant: string) =>
      stream.call<PutAnswer>("put-experiments", { assignments: [{ userId: "ann", experimentId, variant }] });
    expect(await assign("A")).to.deep.include({ assignments: 1, kept: [] });
    expect((await assign("B")).kept).to.deep.equal([{ userId: "ann", experimentId, variant: "A" }]);
    await stream.put([event("1", { variant: undefined }), event("2", { variant: undefined, userId: "nobody knows" })]);
    expect(await exposures()).to.deep.equal([
      ["A", 1],
      ["unassigned", 1],
    ]);
  });

  it("count once, whichever shard they come by and however often", async () => {
    const events = Array.from({ length: 60 }, (_, at) => event(`${at}`, { userId: `user-${at % 7}` }));
    await stream.put(events);
    await stream.put([...events, ...events], "other");
    await stream.put([JSON.stringify(events), gzipSync(JSON.stringify(events.slice(0, 9)))], "third");
    const [only, ...more] = (await ask()).total;
    expect(more).to.deep.equal([]);
    expect([only?.exposures.events, only?.exposures.users]).to.deep.equal([60, 7]);
  });

  it("are told of in metrics: how many there were, which had come before, and what was wrong", async () => {
    const from = now();
    await stream.put([event("1"), event("2"), event("2"), event("3", { userId: undefined }), "{"]);
    const cloudWatch = new CloudWatchClient({
      endpoint: shared.up.url,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    const sumOf = async (MetricName: string): Promise<number> => {
      const { Datapoints = [] } = await cloudWatch.send(
        new GetMetricStatisticsCommand({
          Namespace: "Signal9",
          MetricName,
          Dimensions: [
            { Name: "service", Value: `${prefix}platform` },
            { Name: "function", Value: "experimentStream" },
          ],
          StartTime: new Date(from - 60_000),
          EndTime: new Date(now() + 600_000),
          Period: 3_600,
          Statistics: ["Sum"],
        }),
      );
      return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
    };
    const names = ["StreamRecords", "Events", "StreamDuplicates", "StreamParseErrors", "StreamValidateErrors"];
    const sums: [string, number][] = [];
    for (const name of names) sums.push([name, await sumOf(name)]);
    cloudWatch.destroy();
    expect(Object.fromEntries(sums)).to.deep.equal({
      StreamRecords: 5,
      Events: 5,
      StreamDuplicates: 1,
      StreamParseErrors: 1,
      StreamValidateErrors: 1,
    });
  });
});
