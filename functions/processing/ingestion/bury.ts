import type { Run } from "../consume/run";
import type { TakenJob } from "../work/queue";
import { finish } from "./finish";

/** Ends a job that nothing can be done with. What is stored of the company stays as it is. */
export const bury = (job: TakenJob, error: string, run: Run): Promise<boolean> =>
  finish(job, { to: "failed", error, also: async () => [] }, run);
