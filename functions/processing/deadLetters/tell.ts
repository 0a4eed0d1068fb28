import { PublishCommand } from "@aws-sdk/client-sns";
import { sns } from "../aws/sns";
import type { Run } from "../consume/run";
import { oncePerSlot } from "../effects/slot";
import { env } from "../environment";
import type { DeadLetterRow } from "./row";

/** Longer than an invocation can take. */
const leaseMs = 60_000;

const kindOf = ({ origin, category }: DeadLetterRow): string => `${origin}#${category}`;

const slotOf = (row: DeadLetterRow, run: Run): string =>
  `dead-letters#${kindOf(row)}#${new Date(run.now()).toISOString().slice(0, 13)}`;

const publish = async (rows: readonly DeadLetterRow[], example: DeadLetterRow, run: Run): Promise<void> => {
  const { letter_id, origin, category, reason, field, event_id, event_type, correlation_id, failed_at } = example;
  await run.call("Publish", "aws", () =>
    sns().send(
      new PublishCommand({
        TopicArn: env("DLQ_NOTIFICATIONS_TOPIC_ARN"),
        Subject: `Dead letters of ${origin}: ${category}`,
        Message: JSON.stringify({
          origin,
          category,
          letters: rows.length,
          example: {
            letterId: letter_id,
            reason,
            field,
            eventId: event_id,
            eventType: event_type,
            correlationId: correlation_id,
            failedAt: failed_at,
          },
          look: `npm run dlq -- list --origin ${origin}`,
        }),
        MessageAttributes: {
          origin: { DataType: "String", StringValue: origin },
          category: { DataType: "String", StringValue: category },
        },
      }),
    ),
  );
};

/** Tells who listens of new dead letters: of each kind once an hour. */
export const tell = async (rows: readonly DeadLetterRow[], run: Run): Promise<void> => {
  for (const kind of new Set(rows.map(kindOf))) {
    const ofKind = rows.filter((row) => kindOf(row) === kind);
    const [example] = ofKind;
    if (!example) continue;
    await oncePerSlot(slotOf(example, run), leaseMs, run, () => publish(ofKind, example, run));
  }
};
