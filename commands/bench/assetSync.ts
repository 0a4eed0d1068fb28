import { resolve } from "node:path";
import { startEmbeddedCloud } from "../../local/embedded";
import { nextAt } from "../nextAt";

const root = resolve(__dirname, "../..");
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Tells its parent how many seconds the sync of so many companies took: when all were new, and when none was. */
const main = async (): Promise<void> => {
  const up = await startEmbeddedCloud({
    root,
    port: 0,
    startAt: nextAt(3),
    market: { extraSymbols: Number(process.argv[2]) },
  });
  const run = async (): Promise<number> => {
    const startedAt = performance.now();
    await up.turn(2 * minuteMs);
    return (performance.now() - startedAt) / 1_000;
  };
  await up.turn(59 * minuteMs);
  const first = await run();
  await up.turn(dayMs - 2 * minuteMs);
  const again = await run();
  process.send?.({ first, again });
  await up.close();
};

void main();
