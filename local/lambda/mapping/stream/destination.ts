import { AwsError } from "../../../cloud/awsError";
import type { Access, Cloud } from "../../../cloud/cloud";
import type { LambdaFunction } from "../../function";
import { failureKey, failureObject, failureRecord, type Lost } from "./failureRecord";

const serviceOf = (arn: string): string => arn.split(":")[2] ?? "";

/** What a function's role needs to reach a destination, by the destination's service. */
const needs: Record<string, (arn: string) => Access[]> = {
  sqs: (arn) => [{ action: "sqs:SendMessage", resource: arn }],
  sns: (arn) => [{ action: "sns:Publish", resource: arn }],
  s3: (arn) => [
    { action: "s3:PutObject", resource: `${arn}/aws/lambda/*` },
    { action: "s3:ListBucket", resource: arn },
  ],
};

/** As AWS: the function's role must be able to reach the destination by the time the mapping is declared. */
export const checkReach = (cloud: Cloud, { role }: LambdaFunction, arn: string | undefined): void => {
  if (arn === undefined) return;
  const service = serviceOf(arn);
  for (const access of needs[service]?.(arn) ?? []) {
    try {
      cloud.authorise(role, access);
    } catch (error) {
      const [, operation] = access.action.split(":");
      const reason = error instanceof AwsError ? error.message : String(error);
      throw new AwsError(
        "InvalidParameterValueException",
        `The provided execution role does not have permissions to call ${operation} on ${service.toUpperCase()}: ${reason}`,
      );
    }
  }
};

/** Sends what is given up to where the mapping wants it. What cannot be sent is counted, and gone. */
export const sendLost = async (
  cloud: Cloud,
  { role, metrics }: LambdaFunction,
  to: string | undefined,
  lost: Lost,
  mapping: string,
): Promise<void> => {
  if (to === undefined) return;
  const now = cloud.clock.now();
  const inBucket = serviceOf(to) === "s3";
  try {
    await cloud.deliver({
      to,
      from: role,
      body: inBucket ? failureObject(now, lost) : JSON.stringify(failureRecord(now, lost)),
      ...(inBucket && { attributes: { key: failureKey(now, mapping, lost.shardId, cloud.newId()) } }),
    });
  } catch {
    metrics.count("DestinationDeliveryFailures");
  }
};
