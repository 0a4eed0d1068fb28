import * as v from "valibot";
import { unsupported } from "../cloud/awsError";
import { invalidRequest } from "./errors";
import { compileInput, type InputOf } from "./inputTransformer";
import { text } from "./parameters";

const within = (least: number, most: number) =>
  v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most)));

/** A target as PutTargets takes it, as far as it is supported here. */
export const targetRequest = v.strictObject({
  Id: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, "it is no id of a target")),
  Arn: v.string(),
  Input: text,
  InputPath: text,
  InputTransformer: v.exactOptional(
    v.strictObject({ InputPathsMap: v.exactOptional(v.record(v.string(), v.string())), InputTemplate: v.string() }),
  ),
  RetryPolicy: v.exactOptional(
    v.strictObject({ MaximumRetryAttempts: within(0, 185), MaximumEventAgeInSeconds: within(60, 86_400) }),
  ),
  DeadLetterConfig: v.exactOptional(v.strictObject({ Arn: text })),
});

export type TargetRequest = v.InferOutput<typeof targetRequest>;

export interface Target {
  request: TargetRequest;
  inputOf: InputOf;
  retry: { attempts: number; ageMs: number };
  /** ARN of the queue for what could not be delivered. */
  deadLetters: string | undefined;
}

const mostAttempts = 185;
const longestAgeSeconds = 86_400;

const queue = /^arn:aws:sqs:[\w-]+:\d{12}:[\w.-]+$/;
const bus = /^arn:aws:events:[\w-]+:\d{12}:event-bus\/.+$/;
const supported = [
  queue,
  bus,
  /^arn:aws:sns:[\w-]+:\d{12}:[\w.-]+$/,
  /^arn:aws:lambda:[\w-]+:\d{12}:function:[\w:$-]+$/,
];

const checkArn = ({ Id, Arn }: TargetRequest): void => {
  if (!/^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:.+$/.test(Arn)) {
    throw invalidRequest(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  if (!supported.some((kind) => kind.test(Arn))) {
    throw unsupported(`the target ${Arn}; a target is a queue, a topic, a function or an event bus`);
  }
  if (queue.test(Arn) && Arn.endsWith(".fifo")) {
    throw invalidRequest(`Parameter(s) SqsParameters must be specified for target: ${Id}.`);
  }
};

/** Checks a target and prepares it for many events. */
export const makeTarget = (request: TargetRequest): Target => {
  checkArn(request);
  const { Id, Arn, RetryPolicy = {}, DeadLetterConfig } = request;
  const inputOf = compileInput(request);
  if (bus.test(Arn) && (request.Input ?? request.InputPath ?? request.InputTransformer) !== undefined) {
    throw unsupported(`an input of target ${Id}, which is an event bus: it takes the event as it is`);
  }
  const deadLetters = DeadLetterConfig?.Arn;
  if (deadLetters !== undefined && (!queue.test(deadLetters) || deadLetters.endsWith(".fifo"))) {
    throw invalidRequest(
      `Parameter DeadLetterConfig.Arn of target ${Id} is not valid. Reason: It must be a standard SQS queue.`,
    );
  }
  return {
    request,
    inputOf,
    retry: {
      attempts: RetryPolicy.MaximumRetryAttempts ?? mostAttempts,
      ageMs: (RetryPolicy.MaximumEventAgeInSeconds ?? longestAgeSeconds) * 1_000,
    },
    deadLetters,
  };
};
