import type { Run } from "../consume/run";
import { Failure } from "../failure";
import { backoff } from "../retry";

const most = 12;
const pause = { attempts: most, baseMs: 20, capMs: 500 };

/** Reads, decides and writes anew whenever another writer came first. */
export const overtaken = async <T>(run: Pick<Run, "random" | "sleep">, readAndWrite: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readAndWrite();
    } catch (error) {
      if (!(error instanceof Failure && error.conditionFailed) || attempt === most) throw error;
      await run.sleep(backoff(attempt, pause, run.random));
    }
  }
};
