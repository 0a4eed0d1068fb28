import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { sqs } from "../aws/sqs";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { dataIngestionNeeded } from "../events/dataIngestionNeeded";
import type { DataType } from "../fundamentals/dataTypes";
import type { Job } from "../work/job";

const longestDelay = 900;

/** The event that asked for a job, as EventBridge would write it into the queue. */
export const bellOf = (job: Job): string =>
  JSON.stringify({
    id: job.event_id,
    "detail-type": dataIngestionNeeded.type,
    source: dataIngestionNeeded.source,
    time: job.enqueued_at,
    detail: {
      assetId: job.asset_id.slice("ASSET#".length),
      dataType: job.task as DataType,
      priority: job.priority,
      eventId: job.event_id,
      correlationId: job.correlation_id,
      timestamp: Date.parse(job.enqueued_at),
    },
  });

/** Rings once more, when the job may be taken again. */
export const ringLater = async (job: Job, delayMs: number, run: Run): Promise<void> => {
  await run.call("SendMessage", "aws", () =>
    sqs().send(
      new SendMessageCommand({
        QueueUrl: env("OWN_QUEUE_URL"),
        MessageBody: bellOf(job),
        DelaySeconds: Math.min(longestDelay, Math.ceil(delayMs / 1_000)),
      }),
    ),
  );
};
