import { expect } from "chai";
import { consume } from "../../functions/processing/consume/consume";
import { scheduled } from "../../functions/processing/consume/scheduled";
import { earningsProcessed } from "../../functions/processing/events/earningsProcessed";
import { Failure, type Origin } from "../../functions/processing/failure";
import { reportSweep, sweep } from "../../functions/processing/outbox/sweep";
import { ofType, programOf } from "../infra/program";
import { captureOutput, type Line } from "./output";
import { batch, context, envelope, world } from "./world";

interface Query {
  metric?: { namespace: string; metricName: string; dimensions: Record<string, string> };
}

const atOnce = { now: Date.now, newId: () => "id", random: () => 0, sleep: async () => undefined };

/** Namespace and name of every metric in these lines. */
const emitted = (lines: Line[]): Set<string> =>
  new Set(
    lines.flatMap((line) => {
      const { CloudWatchMetrics = [] } = (line["_aws"] ?? {}) as {
        CloudWatchMetrics?: { Namespace: string; Metrics: { Name: string }[] }[];
      };
      return CloudWatchMetrics.flatMap(({ Namespace, Metrics }) => Metrics.map(({ Name }) => `${Namespace} ${Name}`));
    }),
  );

/** What the alarms read of one function's own metrics. */
const readOf = async (name: string): Promise<string[]> => {
  const alarms = ofType(await programOf({ stack: "dev" }), "aws:cloudwatch/metricAlarm:MetricAlarm");
  const queries = alarms.flatMap(({ inputs }) => inputs["metricQueries"] as Query[]);
  const own = queries.flatMap(({ metric }) => (metric?.dimensions["function"] === name ? [metric] : []));
  return [...new Set(own.map(({ namespace, metricName }) => `${namespace} ${metricName}`))];
};

describe("the metrics that alarms read", () => {
  before(world);

  it("are emitted by a consumer as its events fail in every way there is", async () => {
    const origins: Origin[] = ["dynamodb", "network", "provider", "code"];
    const failures = [
      ...origins.map((origin) => new Failure("permanent", "no", { origin })),
      new Failure("denied", "you may not", { origin: "dynamodb" }),
    ];
    const failing = consume(
      {
        name: "markEarningsProcessed",
        accepts: [earningsProcessed],
        handle: (_, run) => {
          const failure = failures.shift();
          if (failure) throw failure;
          return run.call("Try", "dynamodb", () => Promise.reject(new Failure("throttled", "slow down")));
        },
      },
      atOnce,
    );
    const good = envelope("earningsProcessed", { assetId: "AAPL", earningsDate: "2026-10-29" });
    const bodies = [...failures.map(() => good), good, envelope("earningsProcessed", {})];
    const { lines } = await captureOutput(() => failing(batch(...bodies), context()));
    const read = await readOf("markEarningsProcessed");
    expect(read.length).to.be.greaterThan(10);
    expect([...emitted(lines)]).to.include.members(read);
    await (await world()).deadLetters.take();
  });

  it("are emitted by the sweeper, on a good run and on a refused one", async () => {
    const good = scheduled("outboxSweeper", async (run) => reportSweep(await sweep(run), run), atOnce);
    const refused = scheduled("outboxSweeper", () => Promise.reject(new Failure("denied", "you may not")), atOnce);
    const { lines } = await captureOutput(async () => {
      await good({}, context(120_000));
      await refused({}, context(120_000)).catch(() => undefined);
    });
    const read = await readOf("outboxSweeper");
    expect(read.length).to.be.greaterThan(3);
    expect([...emitted(lines)]).to.include.members(read);
  });
});
