import { isFree, type Job } from "./job";

/** What stands in the way of work besides its order: the calls that it needs. */
export interface Calls {
  /** How many may be made as things stand. */
  left: number;
  /** The latest turn to call that was given to anybody. */
  lastAt: number;
  /** Since when calls are counted anew. */
  renewedAt: number;
}

export interface QueueFigures {
  enqueued: number;
  started: number;
  /** Seconds since the oldest of them was enqueued; 0 where there is none. */
  enqueuedAge: number;
  startedAge: number;
  /** Seconds for which a job could have been done and was not. Waiting for a call of the budget is no delay. */
  delay: number;
}

/** Since when nothing keeps a free job but its turn. */
const freeSince = ({ status, enqueued_at, not_before = 0, lease_until = 0 }: Job): number =>
  status === "started" ? lease_until : Math.max(Date.parse(enqueued_at), not_before);

const secondsSince = (moments: readonly number[], now: number): number =>
  moments.length === 0 ? 0 : Math.max(0, Math.round((now - Math.min(...moments)) / 1_000));

/**
 * How a queue stands. As long as calls are made, it moves. What was there before calls were counted anew has been left over
 * for want of them, and waits for the planner to ring for it again.
 */
export const figuresOf = (jobs: readonly Job[], calls: Calls, now: number): QueueFigures => {
  const of = (status: Job["status"]) => jobs.filter((job) => job.status === status);
  const ages = (some: readonly Job[]) => some.map(({ enqueued_at }) => Date.parse(enqueued_at));
  const due = jobs
    .filter((job) => isFree(job, now))
    .map(freeSince)
    .filter((since) => since >= calls.renewedAt)
    .map((since) => Math.max(since, calls.lastAt));
  return {
    enqueued: of("enqueued").length,
    started: of("started").length,
    enqueuedAge: secondsSince(ages(of("enqueued")), now),
    startedAge: secondsSince(ages(of("started")), now),
    delay: calls.left > 0 ? secondsSince(due, now) : 0,
  };
};
