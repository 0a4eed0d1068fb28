import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { sqs } from "../aws/sqs";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { dataIngestionNeeded } from "../events/dataIngestionNeeded";
import { derivedId } from "../events/derivedId";
import type { DataType } from "../fundamentals/dataTypes";
import type { Job } from "../work/job";

const longestDelay = 900;

/** An event that asks for a job, as EventBridge would write it into the queue. */
const bell = (job: Job, eventId: string, timestamp: number): string =>
  JSON.stringify({
    id: eventId,
    "detail-type": dataIngestionNeeded.type,
    source: dataIngestionNeeded.source,
    time: new Date(timestamp).toISOString(),
    detail: {
      assetId: job.asset_id.slice("ASSET#".length),
      dataType: job.task as DataType,
      priority: job.priority,
      eventId,
      correlationId: job.correlation_id,
      timestamp,
    },
  });

/**
 * What brings a job that failed for good into the queue again, once, when somebody moves it there from the dead letters.
 * The event that asked for the job at first would be taken for a duplicate.
 */
export const ringAnew = (job: Job, now: number): string => bell(job, derivedId("redriven", job.event_id), now);

/** Rings once more, when the job may be taken again. */
export const ringLater = async (job: Job, delayMs: number, run: Run): Promise<void> => {
  await run.call("SendMessage", "aws", () =>
    sqs().send(
      new SendMessageCommand({
        QueueUrl: env("OWN_QUEUE_URL"),
        MessageBody: bell(job, job.event_id, Date.parse(job.enqueued_at)),
        DelaySeconds: Math.min(longestDelay, Math.ceil(delayMs / 1_000)),
      }),
    ),
  );
};
