import { AwsError } from "../cloud/awsError";
import type { Cloud } from "../cloud/cloud";
import type { Declared, Realised } from "../engine/program";
import { isEventBus } from "./destination";
import type { LambdaFunction } from "./function";
import { knownParts, knownProperties, refusal, wholeNumber } from "./properties";

/** How a function's asynchronous invocations are retried, and who is told of their end. */
export interface InvokeConfig {
  retries: number;
  maxAgeSeconds: number;
  onFailure: string | undefined;
  onSuccess: string | undefined;
  modifiedAt: number;
}

export const retriesByDefault = 2;
export const maxAgeSecondsByDefault = 21_600;

const known = ["functionName", "qualifier", "maximumRetryAttempts", "maximumEventAgeInSeconds", "destinationConfig"];

/** What must be allowed to send to a destination, by its ARN's service. */
const sending: Record<string, { action: string; operation: string; service: string }> = {
  sqs: { action: "sqs:SendMessage", operation: "SendMessage", service: "SQS" },
  sns: { action: "sns:Publish", operation: "Publish", service: "SNS" },
  lambda: { action: "lambda:InvokeFunction", operation: "InvokeFunction", service: "Lambda" },
  events: { action: "events:PutEvents", operation: "PutEvents", service: "EventBridge" },
};

const destinationOf = (declared: Declared, outcome: string): string | undefined => {
  const config = knownParts(declared, "destinationConfig", ["onFailure", "onSuccess"]);
  const inputs = { [outcome]: config?.[outcome] };
  const arn = knownParts({ ...declared, inputs }, outcome, ["destination"])?.["destination"];
  if (arn === undefined) return undefined;
  const [, , service = ""] = String(arn).split(":");
  if (!(service in sending) || (service === "events" && !isEventBus(String(arn)))) {
    throw refusal(declared, `destination ${arn} is not supported by the embedded cloud`);
  }
  return String(arn);
};

/** As AWS: the function's role must be able to reach its destination by the time it is declared. */
const checkReach = (cloud: Cloud, { role }: LambdaFunction, arn: string | undefined): void => {
  const { action, operation, service } = sending[arn?.split(":")[2] ?? ""] ?? {};
  if (arn === undefined || action === undefined) return;
  try {
    cloud.authorise(role, { action, resource: arn });
  } catch (error) {
    const reason = error instanceof AwsError ? error.message : String(error);
    throw new AwsError(
      "InvalidParameterValueException",
      `The provided execution role does not have permissions to call ${operation} on ${service}: ${reason}`,
    );
  }
};

export const declareInvokeConfig = (
  cloud: Cloud,
  find: (named: string, qualifier?: string) => LambdaFunction,
  declared: Declared,
): Realised => {
  const inputs = knownProperties(declared, known);
  const { functionName, qualifier, maximumRetryAttempts, maximumEventAgeInSeconds } = inputs;
  if (typeof functionName !== "string") throw refusal(declared, "property functionName must be set");
  const target = find(functionName, qualifier === undefined ? undefined : String(qualifier));
  const onFailure = destinationOf(declared, "onFailure");
  const onSuccess = destinationOf(declared, "onSuccess");
  for (const arn of [onFailure, onSuccess]) checkReach(cloud, target, arn);
  target.invokeConfig = {
    retries: wholeNumber(declared, "maximumRetryAttempts", maximumRetryAttempts ?? retriesByDefault, [0, 2]),
    maxAgeSeconds: wholeNumber(
      declared,
      "maximumEventAgeInSeconds",
      maximumEventAgeInSeconds ?? maxAgeSecondsByDefault,
      [60, maxAgeSecondsByDefault],
    ),
    onFailure,
    onSuccess,
    modifiedAt: cloud.clock.now(),
  };
  return { id: target.settings.name, outputs: declared.inputs };
};
