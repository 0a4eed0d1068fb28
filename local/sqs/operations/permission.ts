import type { Access } from "../../cloud/cloud";
import type { Queues } from "../queues";
import { type Input, queueArn } from "./input";

/** Actions in small letters, as AWS writes them in its refusals. */
export const accessTo = (queues: Queues, arn: string, action: string): Access => ({
  action: action.toLowerCase(),
  resource: arn,
  policy: queues.policyOf(arn),
});

/** The permission to do `action` to the queue that a call's QueueUrl names. */
export const onQueue =
  (queues: Queues, action: string) =>
  (input: Input): Access =>
    accessTo(queues, queueArn(input), action);
