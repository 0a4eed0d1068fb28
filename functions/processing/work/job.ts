import { type Priority, priorities } from "../events/fields";

export const jobStatuses = ["enqueued", "started", "done", "dead"] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** A piece of work that waits its turn. SQS only rings the bell; the order is kept here. */
export interface Job {
  job_id: string;
  /** The queue it waits in. Gone once it has ended, and with it the row's place in the index. */
  queue?: string;
  /** Orders the queue: by urgency, then by age. */
  position?: string;
  status: JobStatus;
  priority: Priority;
  asset_id: string;
  task: string;
  attempts: number;
  enqueued_at: string;
  started_at?: string;
  ended_at?: string;
  /** Before this moment it is left alone. */
  not_before?: number;
  owner?: string;
  lease_until?: number;
  error?: string;
  event_id: string;
  correlation_id: string;
  expires_at?: number;
}

export interface NewJob {
  queue: string;
  assetId: string;
  task: string;
  priority: Priority;
  eventId: string;
  correlationId: string;
}

export const jobId = ({ queue, assetId, task }: Pick<NewJob, "queue" | "assetId" | "task">): string =>
  `${queue}#${assetId}#${task}`;

export const jobIdParts = ({ job_id }: Pick<Job, "job_id">): Pick<NewJob, "queue" | "assetId" | "task"> => {
  const [queue = "", assetId = "", task = ""] = job_id.split("#");
  return { queue, assetId, task };
};

export const place = (priority: Priority, enqueuedAt: string, id: string): string =>
  `${priorities.indexOf(priority)}#${enqueuedAt}#${id}`;

export const newJob = (job: NewJob, now: number): Job => {
  const id = jobId(job);
  const at = new Date(now).toISOString();
  return {
    job_id: id,
    queue: job.queue,
    position: place(job.priority, at, id),
    status: "enqueued",
    priority: job.priority,
    asset_id: `ASSET#${job.assetId}`,
    task: job.task,
    attempts: 0,
    enqueued_at: at,
    event_id: job.eventId,
    correlation_id: job.correlationId,
  };
};

/** It may be taken: its time has come, or whoever took it has not come back. */
export const isFree = (job: Job, now: number): boolean =>
  job.status === "enqueued" ? (job.not_before ?? 0) <= now : job.status === "started" && (job.lease_until ?? 0) <= now;
