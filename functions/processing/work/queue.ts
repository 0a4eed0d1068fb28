import { GetCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { TransactItem } from "../aws/transact";
import { inBatches, throwIfFailed } from "../batch";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";
import { isFree, type Job, jobId, type NewJob, newJob, place } from "./job";

export const queueIndex = "by-queue";

/** What has ended stays to be looked up for as long as a dead letter would. */
const keptSeconds = 14 * 86_400;
const page = 25;
/** How far down the queue the preferred job is looked for. */
const looksAhead = 25;
const takenAtOnce = 16;

const conditionFailed = (error: unknown): boolean => error instanceof Failure && error.conditionFailed;

const ended = "attribute_not_exists(job_id) OR #status IN (:done, :dead)";
const put = (job: NewJob, now: number) => ({
  TableName: env("QUEUE_TRACKING_TABLE"),
  Item: newJob(job, now),
  ConditionExpression: ended,
  ExpressionAttributeNames: { "#status": "status" },
  ExpressionAttributeValues: { ":done": "done", ":dead": "dead" },
});

/** Goes into the transaction of the event that rings for it. One job at a time is open for a task. */
export const enqueuing = (job: NewJob, now: number): TransactItem => ({ Put: put(job, now) });

/** As `enqueuing`, but what is under way has to be done again: it began from what has changed since. */
export const enqueuingAnew = (job: NewJob, now: number): TransactItem => ({
  Put: { TableName: env("QUEUE_TRACKING_TABLE"), Item: newJob(job, now) },
});

/** What waits is asked for more urgently than before: it goes before, at the age that it has. */
export const hastening = (job: Job, priority: Job["priority"]): TransactItem => ({
  Update: {
    TableName: env("QUEUE_TRACKING_TABLE"),
    Key: { job_id: job.job_id },
    UpdateExpression: "SET #priority = :priority, #position = :position",
    ConditionExpression: "#position = :seen",
    ExpressionAttributeNames: { "#priority": "priority", "#position": "position" },
    ExpressionAttributeValues: {
      ":priority": priority,
      ":position": place(priority, job.enqueued_at, job.job_id),
      ":seen": job.position,
    },
  },
});

export const readJob = async (job: Pick<NewJob, "queue" | "assetId" | "task">, run: Run): Promise<Job | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({ TableName: env("QUEUE_TRACKING_TABLE"), Key: { job_id: jobId(job) }, ConsistentRead: true }),
    ),
  );
  return Item as Job | undefined;
};

const readPage = async (queue: string, start: Record<string, unknown> | undefined, run: Run) => {
  const { Items = [], LastEvaluatedKey } = await run.call("Query", "dynamodb", () =>
    dynamodb().send(
      new QueryCommand({
        TableName: env("QUEUE_TRACKING_TABLE"),
        IndexName: queueIndex,
        KeyConditionExpression: "#queue = :queue",
        ExpressionAttributeNames: { "#queue": "queue" },
        ExpressionAttributeValues: { ":queue": queue },
        Limit: page,
        ...(start && { ExclusiveStartKey: start }),
      }),
    ),
  );
  return { jobs: Items as Job[], next: LastEvaluatedKey };
};

async function* openPages(queue: string, run: Run): AsyncGenerator<Job[]> {
  let start: Record<string, unknown> | undefined;
  do {
    const { jobs, next } = await readPage(queue, start, run);
    yield jobs;
    start = next;
  } while (start);
}

/** Everything that is open in a queue, the most urgent first. */
export async function* openJobs(queue: string, run: Run): AsyncGenerator<Job> {
  for await (const jobs of openPages(queue, run)) yield* jobs;
}

/** A job that its taker holds; its writes are refused once the lease has passed to another. */
export type TakenJob = Job & { owner: string };

const asSeen = "event_id = :event AND attempts = :seen";
const waits = "#status = :enqueued AND (attribute_not_exists(not_before) OR not_before <= :now)";
const overdue = "#status = :started AND lease_until <= :now";
/** Our own write, whose answer was lost. */
const ownAlready = "#owner = :owner";

const take = async (job: Job, leaseMs: number, run: Run): Promise<TakenJob | undefined> => {
  const now = run.now();
  const owner = run.newId();
  try {
    const { Attributes } = await run.call("UpdateItem", "dynamodb", () =>
      dynamodb().send(
        new UpdateCommand({
          TableName: env("QUEUE_TRACKING_TABLE"),
          Key: { job_id: job.job_id },
          UpdateExpression:
            "SET #status = :started, #owner = :owner, lease_until = :until, started_at = :at, attempts = :attempts",
          ConditionExpression: `(${asSeen} AND (${waits} OR ${overdue})) OR ${ownAlready}`,
          ExpressionAttributeNames: { "#status": "status", "#owner": "owner" },
          ExpressionAttributeValues: {
            ":started": "started",
            ":enqueued": "enqueued",
            ":event": job.event_id,
            ":owner": owner,
            ":until": now + leaseMs,
            ":now": now,
            ":at": new Date(now).toISOString(),
            ":seen": job.attempts,
            ":attempts": job.attempts + 1,
          },
          ReturnValues: "ALL_NEW",
        }),
      ),
    );
    return Attributes as TakenJob;
  } catch (error) {
    if (conditionFailed(error)) return undefined;
    throw error;
  }
};

/** Takes this job, if it is free: the index may not show it yet. */
export const takeThis = async (job: Job, leaseMs: number, run: Run): Promise<TakenJob | undefined> =>
  isFree(job, run.now()) ? take(job, leaseMs, run) : undefined;

/**
 * Takes the most urgent job that is free, or none. Among those that are as urgent as any, `preferred` comes first: takers
 * that each prefer another do not get in each other's way.
 */
export const takeNext = async (
  queue: string,
  preferred: string,
  leaseMs: number,
  run: Run,
): Promise<TakenJob | undefined> => {
  let urgency: string | undefined;
  const passed: Job[] = [];
  const takeAny = async (jobs: readonly Job[]): Promise<TakenJob | undefined> => {
    for (const job of jobs) {
      const taken = await take(job, leaseMs, run);
      if (taken) return taken;
    }
    return undefined;
  };
  for await (const job of openJobs(queue, run)) {
    if (!isFree(job, run.now())) continue;
    urgency ??= job.priority;
    if (job.priority !== urgency || passed.length >= looksAhead) {
      const taken = await takeAny(passed.splice(0));
      if (taken) return taken;
      urgency = job.priority;
    }
    if (job.job_id !== preferred) passed.push(job);
    else {
      const taken = await take(job, leaseMs, run);
      if (taken) return taken;
    }
  }
  return takeAny(passed);
};

/**
 * Takes the most urgent jobs that are free, so many at most: several at a time, in the order of their places. Where only some
 * could be taken, those are worth going on with; the others are still free.
 */
export const takeMany = async (queue: string, most: number, leaseMs: number, run: Run): Promise<TakenJob[]> => {
  const taken: TakenJob[] = [];
  for await (const jobs of openPages(queue, run)) {
    const wanted = jobs.filter((job) => isFree(job, run.now())).slice(0, most - taken.length);
    const own = new Map<Job, TakenJob>();
    const takeOne = async (job: Job): Promise<void> => {
      const one = await take(job, leaseMs, run);
      if (one) own.set(job, one);
    };
    const result = await inBatches(wanted, takenAtOnce, takeOne, ({ job_id }) => job_id);
    taken.push(...wanted.flatMap((job) => own.get(job) ?? []));
    if (taken.length === 0) throwIfFailed(result, "jobs");
    if (taken.length >= most || result.failed > 0) break;
  }
  return taken;
};

/** An update by whoever holds the job. Every name is quoted: half of them are reserved words. */
const byOwner = (job: TakenJob, set: Record<string, unknown>, remove: readonly string[]) => {
  const names = Object.keys(set);
  return {
    TableName: env("QUEUE_TRACKING_TABLE"),
    Key: { job_id: job.job_id },
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")} REMOVE ${remove.map((name) => `#${name}`).join(", ")}`,
    ConditionExpression: "#owner = :owner",
    ExpressionAttributeNames: Object.fromEntries([...names, ...remove].map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ":owner": job.owner,
      ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
    },
  };
};

const updateOwn = async (update: ReturnType<typeof byOwner>, run: Run): Promise<void> => {
  try {
    await run.call("UpdateItem", "dynamodb", () => dynamodb().send(new UpdateCommand(update)));
  } catch (failure) {
    if (!conditionFailed(failure)) throw failure;
  }
};

const endOf = (job: TakenJob, status: "done" | "dead", now: number, error?: string) =>
  byOwner(
    job,
    {
      status,
      ended_at: new Date(now).toISOString(),
      expires_at: Math.floor(now / 1_000) + keptSeconds,
      ...(error !== undefined && { error }),
    },
    ["queue", "position", "owner", "lease_until", "not_before"],
  );

/** Ends a job, in the transaction of what it brought about. A taker whose time ran out is refused there. */
export const ending = (job: TakenJob, status: "done" | "dead", now: number, error?: string): TransactItem => ({
  Update: endOf(job, status, now, error),
});

/** Ends a job whose effect lies elsewhere. One that has to be done again, or has passed to another, is left alone. */
export const end = async (job: TakenJob, status: "done" | "dead", run: Run, error?: string): Promise<void> =>
  updateOwn(endOf(job, status, run.now(), error), run);

export interface PutBack {
  /** Waiting is not counted as an attempt. */
  counted: boolean;
  /** @default at once */
  notBefore?: number;
  error?: string;
}

const backOf = (job: TakenJob, { counted, notBefore = 0, error }: PutBack) =>
  byOwner(
    job,
    {
      status: "enqueued",
      not_before: notBefore,
      attempts: counted ? job.attempts : job.attempts - 1,
      ...(error !== undefined && { error }),
    },
    ["owner", "lease_until"],
  );

/** Lays a job back to its place, in the transaction that says so elsewhere. A taker whose time ran out is refused there. */
export const puttingBack = (job: TakenJob, how: PutBack): TransactItem => ({ Update: backOf(job, how) });

/** Lays a job back to its place. One that has passed to another owner is left alone. */
export const putBack = (job: TakenJob, how: PutBack, run: Run): Promise<void> => updateOwn(backOf(job, how), run);
