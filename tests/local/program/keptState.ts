import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyProgram } from "./elsewhere";
import { type Started, startIn } from "./started";

export interface Up {
  run: Started;
  /** As clients of the SDK are told where to ask. */
  reach: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
}

/** A copy of the program for a suite, and a folder for its data that outlives each of its runs. */
export const keptState = () => {
  let copy: Awaited<ReturnType<typeof copyProgram>>;
  let data: string;
  const runs: Started[] = [];
  before(async () => {
    copy = await copyProgram();
    data = mkdtempSync(join(tmpdir(), "signal9-data-"));
  });
  after(async () => {
    for (const { child, ended } of runs) {
      child.kill("SIGKILL");
      await ended;
    }
    await copy.remove();
    rmSync(data, { recursive: true });
  });
  return {
    ofProgram: (path: string) => join(copy.folder, path),
    ofData: (path: string) => join(data, path),
    up: async (): Promise<Up> => {
      const run = startIn(copy.folder, "--port", "0", "--data", data);
      runs.push(run);
      const [, endpoint = ""] = await run.said(/endpoint\s+(http:\/\/127\.0\.0\.1:\d+)/);
      return {
        run,
        reach: { endpoint, region: "us-east-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } },
      };
    },
  };
};
