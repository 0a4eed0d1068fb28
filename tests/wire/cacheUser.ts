import { makeCache } from "../../functions/processing/cache/cache";
import { testRun } from "./run";

/** Uses a cache, and does not close it. */
const use = async (): Promise<void> => {
  const run = testRun(0);
  await makeCache(async () => JSON.parse(process.argv[2] ?? "")).get("data:AAPL:earnings", run);
  process.send?.(run.counted);
};

void use();
