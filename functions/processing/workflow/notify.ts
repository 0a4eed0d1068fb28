import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { clientSettings, once } from "../aws/client";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import type { Stored } from "./store";

const sns = once(() => new SNSClient(clientSettings));

const keptSeconds = 30 * 86_400;

const markerOf = ({ analysisId }: Stored): string => `notified#${analysisId}`;

const wasTold = async (stored: Stored, run: Run): Promise<boolean> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({ TableName: env("EFFECTS_TABLE"), Key: { effect_id: markerOf(stored) }, ConsistentRead: true }),
    ),
  );
  return Item !== undefined;
};

const markTold = (stored: Stored, run: Run): Promise<unknown> =>
  run.call("PutItem", "dynamodb", () =>
    dynamodb().send(
      new PutCommand({
        TableName: env("EFFECTS_TABLE"),
        Item: { effect_id: markerOf(stored), expires_at: Math.floor(run.now() / 1_000) + keptSeconds },
      }),
    ),
  );

const subjectOf = ({ assetId, status, investmentRating, changedFrom }: Stored): string => {
  if (status === "failed") return `${assetId} could not be rated`;
  return changedFrom ? `${assetId}: ${changedFrom} becomes ${investmentRating}` : `${assetId}: ${investmentRating}`;
};

/**
 * Tells who listens of a rating, a change of it above all, and not of one that a newer one has overtaken. The mark comes
 * after the message: a crash in between tells them twice rather than never.
 */
export const notify = async (stored: Stored, run: Run): Promise<{ told: boolean }> => {
  if (stored.kind === "outdated") return { told: false };
  if (await wasTold(stored, run)) return { told: true };
  await run.call("Publish", "aws", () =>
    sns().send(
      new PublishCommand({
        TopicArn: env("ANALYSIS_NOTIFICATION_TOPIC_ARN"),
        Subject: subjectOf(stored),
        Message: JSON.stringify(stored),
        MessageAttributes: {
          assetId: { DataType: "String", StringValue: stored.assetId },
          kind: { DataType: "String", StringValue: stored.kind },
        },
      }),
    ),
  );
  await markTold(stored, run);
  return { told: true };
};
