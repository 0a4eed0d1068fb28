import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import { type TransactItem, transact } from "../aws/transact";
import type { Run } from "../consume/run";
import { env } from "../environment";
import type { PlatformEvent } from "../events/definition";
import { type Priority, priorities } from "../events/fields";
import { Failure } from "../failure";
import type { DataType } from "../fundamentals/dataTypes";
import { type AssetState, openTypes, requested } from "../state/assetState";
import { historyEntry, stateChange, writeMove } from "../state/store";
import type { Job } from "../work/job";
import { ingestionQueue } from "../work/names";
import { enqueuing, hastening, readJob } from "../work/queue";

export interface Work {
  assetId: string;
  priority: Priority;
  /** With each type, the event that rings for it. */
  bells: readonly { type: DataType; eventId: string }[];
  /** Goes into the same transaction. */
  events: readonly TransactItem[];
  by: string;
  cause: Pick<PlatformEvent, "eventId" | "correlationId">;
}

const isRecorded = async (eventId: string, run: Run): Promise<boolean> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({
        TableName: env("EVENT_STORE_TABLE"),
        Key: { event_id: eventId },
        ConsistentRead: true,
        ProjectionExpression: "event_id",
      }),
    ),
  );
  return Item !== undefined;
};

/** Which of the bells were recorded by an earlier delivery does not matter: what is stale has changed since, perhaps. */
const anyRecorded = async (bells: Work["bells"], run: Run): Promise<boolean> =>
  (await Promise.all(bells.map(({ eventId }) => isRecorded(eventId, run)))).includes(true);

/** The types' jobs that have not ended. What is open in the state may have lost its own. */
const queued = async (assetId: string, types: readonly DataType[], run: Run): Promise<Job[]> => {
  const jobs = await Promise.all(types.map((task) => readJob({ queue: ingestionQueue, assetId, task }, run)));
  return jobs.filter((job): job is Job => job?.queue !== undefined);
};

const moreUrgent = (a: Priority, b: Priority): boolean => priorities.indexOf(a) < priorities.indexOf(b);

/**
 * The state moves, a job is queued for each type that has none and hastened where it waits at a
 * lesser priority, and the events are recorded: all of it, or nothing.
 * False where this was done before, for the same cause. Throws a conflict where `state` is no longer what was read.
 */
export const takeUp = async (work: Work, state: AssetState | undefined, run: Run): Promise<boolean> => {
  const { assetId, priority, bells, by, cause } = work;
  const now = run.now();
  const { correlationId, eventId: causeId } = cause;
  const dataTypes = bells.map(({ type }) => type);
  const after = requested(state, { assetId, dataTypes, priority, correlationId, causeId }, now);
  const waiting = await queued(
    assetId,
    openTypes(state).filter((type) => dataTypes.includes(type)),
    run,
  );
  const history = historyEntry(state, after, by, causeId, now);
  const jobs = bells
    .filter(({ type }) => !waiting.some(({ task }) => task === type))
    .map(({ type, eventId }) =>
      enqueuing({ queue: ingestionQueue, assetId, task: type, priority, eventId, correlationId }, now),
    );
  const hastened = waiting.filter((job) => moreUrgent(priority, job.priority)).map((job) => hastening(job, priority));
  const items = [stateChange(state, after), history, ...jobs, ...hastened, ...work.events];
  try {
    await writeMove(run, () => transact(items, run));
    return true;
  } catch (error) {
    const refused = error instanceof Failure && error.conditionFailed;
    if (refused && work.events.length > 0 && (await anyRecorded(bells, run))) return false;
    throw error;
  }
};
