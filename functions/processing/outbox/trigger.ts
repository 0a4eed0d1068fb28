import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { sqs } from "../aws/sqs";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { envelopeOf } from "../eventStore/envelope";
import { Failure } from "../failure";
import { isShadowed, type Path } from "./path";
import type { PendingRow } from "./record";

export interface Sent {
  row: PendingRow;
  paths: readonly Path[];
}

/**
 * Sends a batch, of ten at most, by the direct path. A queue keeps it until it is handled. The message itself says whether it
 * is to have its effect: by then the settings may be others. Answers the ids that got through.
 */
export const trigger = async (batch: readonly Sent[], run: Run): Promise<string[]> => {
  let left = batch;
  const through: string[] = [];
  const sendLeft = async () => {
    const { Failed = [] } = await sqs().send(
      new SendMessageBatchCommand({
        QueueUrl: env("DIRECT_TRIGGERS_QUEUE_URL"),
        Entries: left.map(({ row, paths }, at) => ({
          Id: String(at),
          MessageBody: envelopeOf(row, { shadow: isShadowed(paths) }),
        })),
      }),
    );
    const refused = new Map(Failed.map(({ Id, Code }) => [Id, Code ?? "unknown"]));
    through.push(...left.filter((_, at) => !refused.has(String(at))).map(({ row }) => row.event_id));
    left = left.filter((_, at) => refused.has(String(at)));
    if (left.length > 0) {
      throw new Failure("throttled", `SQS refused ${left.length}: ${[...new Set(refused.values())].join(", ")}`, {
        origin: "aws",
      });
    }
  };
  try {
    if (batch.length > 0) await run.call("SendMessageBatch", "aws", sendLeft);
  } catch (error) {
    run.log.error("direct triggers were not sent", { eventIds: left.map(({ row }) => row.event_id), error });
  }
  return through;
};
