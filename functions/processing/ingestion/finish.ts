import { type TransactItem, transact } from "../aws/transact";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { Failure } from "../failure";
import type { DataType } from "../fundamentals/dataTypes";
import { metricNames } from "../observe/metrics";
import { type AssetState, moved } from "../state/assetState";
import type { Status } from "../state/status";
import { historyEntry, readState, stateChange, writeMove } from "../state/store";
import { jobIdParts } from "../work/job";
import { ending, type PutBack, puttingBack, readJob, type TakenJob } from "../work/queue";

type Items = readonly TransactItem[];

interface Move {
  to: Status;
  error?: string | undefined;
  /** The state as it was last seen, if it was. */
  known?: AssetState | undefined;
  /** What is written with it; told of the state after. Asked anew whenever another came first. */
  items: (after: AssetState | undefined) => Promise<Items>;
}

/** Moves the state of a job's type, with the job. False where that has passed to another taker: nothing was written then. */
const moveWith = (job: TakenJob, { to, error, known, items }: Move, run: Run): Promise<boolean> => {
  let seen = known;
  return overtaken(run, async () => {
    const before = seen ?? (await readState(job.asset_id.slice("ASSET#".length), run));
    seen = undefined;
    const now = run.now();
    const after = before && moved(before, job.task as DataType, to, now, error);
    const moving = [
      ...(await items(after)),
      ...(before && after ? [stateChange(before, after)] : []),
      // A type more or less is progress; history is made where the company as a whole moves on.
      ...(before && after && before.status !== after.status
        ? [historyEntry(before, after, "ingestion", job.event_id, now)]
        : []),
    ];
    try {
      await writeMove(run, () => transact(moving, run));
      return true;
    } catch (failure) {
      const refused = failure instanceof Failure && failure.conditionFailed;
      if (refused && (await readJob(jobIdParts(job), run))?.owner !== job.owner) return false;
      throw failure;
    }
  });
};

export interface End extends Pick<Move, "known" | "error"> {
  to: "complete" | "failed";
  /** What else is written in the same transaction. */
  also: Move["items"];
}

/** Ends a job and moves the state with it. */
export const finish = async (job: TakenJob, { to, also, ...end }: End, run: Run): Promise<boolean> => {
  const status = to === "complete" ? "done" : "dead";
  const items = async (after: AssetState | undefined): Promise<Items> => [
    ending(job, status, run.now(), end.error),
    ...(await also(after)),
  ];
  const ended = await moveWith(job, { ...end, to, items }, run);
  if (ended) {
    run.meter.add(status === "done" ? metricNames.jobsDone : metricNames.jobsDead);
    run.meter.add(metricNames.jobsEndedAge, (run.now() - Date.parse(job.enqueued_at)) / 1_000);
  }
  return ended;
};

/** Lays a job back to its place, and says in the state what it waits for. */
export const layBack = (job: TakenJob, to: "pending" | "retrying", how: PutBack, run: Run): Promise<boolean> =>
  moveWith(job, { to, error: how.error, items: async () => [puttingBack(job, how)] }, run);
