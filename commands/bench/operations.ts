import { Failure } from "../../functions/processing/failure";
import { retry } from "../../functions/processing/retry";
import { median, printTable } from "./measure";

const invocations = 2_000;
const rounds = 7;

/** What a consumer writes for one event: a line, its metrics, and them written. */
const observe = (): (() => void) => {
  // Loaded here, so that what the libraries take is counted as well.
  const { logAbout, makeLogger } =
    require("../../functions/processing/observe/log") as typeof import("../../functions/processing/observe/log");
  const { makeMeter, metricNames } =
    require("../../functions/processing/observe/metrics") as typeof import("../../functions/processing/observe/metrics");
  const logger = makeLogger("bench");
  const meter = makeMeter("bench");
  return () => {
    const log = logAbout(logAbout(logger, { messageId: "m" }), { eventId: "e", correlationId: "c" });
    for (const name of [
      metricNames.events,
      metricNames.operations,
      metricNames.validationSuccess,
      metricNames.success,
    ]) {
      meter.add(name);
    }
    log.info("handled", { outcome: "processed", durationMs: 3, lagMs: 8 });
    meter.add(metricNames.duration, 3);
    meter.flush(() => undefined);
  };
};

/** Output is what is measured, and not what anybody wants to read. */
const silently = <T>(work: () => T): T => {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = (() => true) as typeof stdout.write;
  try {
    return work();
  } finally {
    stdout.write = write;
  }
};

const mb = (bytes: number): number => bytes / 2 ** 20;

const overhead = (): { ms: number; megabytes: number } => {
  const before = mb(process.memoryUsage().rss);
  const once = silently(observe);
  silently(once);
  const megabytes = mb(process.memoryUsage().rss) - before;
  const round = () => {
    const times = Array.from({ length: invocations }, () => {
      const startedAt = performance.now();
      once();
      return performance.now() - startedAt;
    });
    return median(times);
  };
  const ms = silently(() => median(Array.from({ length: rounds }, round)));
  return { ms, megabytes };
};

/** The longest that retrying adds to a call: every try throttled at once, every pause as long as it may be. */
const worstRetry = async (): Promise<number> => {
  let slept = 0;
  const throttled = new Failure("throttled", "slow down", { origin: "dynamodb" });
  await retry(
    () => Promise.reject(throttled),
    () => throttled,
    {
      random: () => 1,
      sleep: async (ms) => {
        slept += ms;
      },
      remainingMs: () => 30_000,
      onRetry: () => undefined,
    },
  ).catch(() => undefined);
  return slept;
};

/** What watching costs an invocation, and what handling errors adds at worst. */
export const operations = async (): Promise<void> => {
  process.env["POWERTOOLS_SERVICE_NAME"] ??= "signal9-bench-platform";
  const { ms, megabytes } = overhead();
  const worst = await worstRetry();
  printTable([
    ["", "measured", "at most"],
    ["log line and metrics of an invocation, median", `${ms.toFixed(3)} ms`, "1 ms"],
    ["memory they take", `${megabytes.toFixed(1)} MB`, "5 MB"],
    ["pauses between the tries of a call, at worst", `${(worst / 1_000).toFixed(1)} s`, "5 s"],
  ]);
  if (ms > 1 || megabytes > 5 || worst >= 5_000) throw new Error("watching takes more than it may");
};
