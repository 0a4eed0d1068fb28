import { type Message, ReceiveMessageCommand, type ReceiveMessageCommandInput, SQSClient } from "@aws-sdk/client-sqs";
import { Cloud } from "../../../local/cloud/cloud";
import type { Service } from "../../../local/cloud/service";
import type { EventSource } from "../../../local/lambda/eventSource";
import { createSqs, type Sqs } from "../../../local/sqs/service";
import { startTestCloud, type TestCloud } from "../cloud";

export interface World extends TestCloud {
  sqs: Sqs;
  api: SQSClient;
  /** Declares a queue and answers its URL. */
  queue: (name: string, inputs?: Record<string, unknown>) => Promise<string>;
  receive: (url: string, input?: Partial<ReceiveMessageCommandInput>) => Promise<Message[]>;
  /** Turns the clock. */
  later: (seconds: number) => Promise<void>;
}

export const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:123456789012:${name}`;

/** Beside SQS, whatever polls its queues. */
export const startWorld = async (
  beside: (cloud: Cloud, source: EventSource) => Service[] = () => [],
): Promise<World> => {
  const cloud = new Cloud();
  const sqs = createSqs(cloud);
  const world = await startTestCloud(() => [sqs, ...beside(cloud, sqs.queues)], cloud);
  const api = new SQSClient(world.client);
  return {
    ...world,
    sqs,
    api,
    queue: async (name, inputs = {}) =>
      String((await world.declare("aws:sqs/queue:Queue", name, { name, ...inputs })).outputs["url"]),
    receive: async (QueueUrl, input = {}) =>
      (await api.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...input }))).Messages ?? [],
    later: (seconds) => cloud.clock.turnTo(cloud.clock.now() + seconds * 1_000),
    close: async () => {
      api.destroy();
      await world.close();
    },
  };
};

export { failure } from "../failure";
