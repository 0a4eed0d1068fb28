import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { Failure } from "../failure";
import type { DataType } from "../fundamentals/dataTypes";
import type { TransactItem } from "../outbox/record";
import { type AssetState, moved } from "../state/assetState";
import { historyEntry, readState, stateChange } from "../state/store";
import { jobIdParts } from "../work/job";
import { ending, readJob, type TakenJob } from "../work/queue";

export interface End {
  to: "complete" | "failed";
  error?: string;
  /** The state as it was last seen, if it was. */
  known?: AssetState | undefined;
  /** What else is written in the same transaction; told of the state after. Asked anew whenever another came first. */
  also: (after: AssetState | undefined) => Promise<readonly TransactItem[]>;
}

/** Ends a job and moves the state with it. False where the job has passed to another taker: nothing was written then. */
export const finish = (job: TakenJob, { to, error, known, also }: End, run: Run): Promise<boolean> => {
  let seen = known;
  return overtaken(run, async () => {
    const before = seen ?? (await readState(job.asset_id.slice("ASSET#".length), run));
    seen = undefined;
    const after = before && moved(before, job.task as DataType, to, run.now(), error);
    const now = run.now();
    const TransactItems = [
      ending(job, to === "complete" ? "done" : "dead", now, error),
      ...(before && after ? [stateChange(before, after)] : []),
      // A type more or less is progress; history is made where the company as a whole moves on.
      ...(before && after && before.status !== after.status
        ? [historyEntry(before, after, "ingestion", job.event_id, now)]
        : []),
      ...(await also(after)),
    ];
    const ClientRequestToken = run.newId();
    try {
      await run.call("TransactWriteItems", "dynamodb", () =>
        dynamodb().send(new TransactWriteCommand({ ClientRequestToken, TransactItems })),
      );
      return true;
    } catch (failure) {
      const refused = failure instanceof Failure && failure.conditionFailed;
      if (refused && (await readJob(jobIdParts(job), run))?.owner !== job.owner) return false;
      throw failure;
    }
  });
};
