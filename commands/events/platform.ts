import { DescribeArchiveCommand, EventBridgeClient, ListRulesCommand, type Rule } from "@aws-sdk/client-eventbridge";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Destination, toBus, toConsumer } from "../../functions/processing/eventStore/destination";
import type { EventStore } from "../../functions/processing/eventStore/read";
import { oneOf } from "../names";
import { openPlatform } from "../platform";

/** The event store of a running platform, and where events can be sent from it. */
export interface EventPlatform {
  store: EventStore;
  now: () => number;
  eventBridge: EventBridgeClient;
  busName: string;
  toBus: () => Destination;
  toConsumer: (name: string) => Promise<Destination>;
  /** Of a consumer in either spelling of its name. */
  ruleOf: (name: string) => Promise<{ consumer: string; rule: Rule }>;
  archive: () => Promise<{ arn: string; busArn: string; events: number }>;
}

const readObject = async (s3: S3Client, Bucket: string, Key: string): Promise<Uint8Array> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  if (!Body) throw new Error(`object ${Key} is empty`);
  return Body.transformToByteArray();
};

export const openEvents = async (endpoint: string | undefined, stack: string): Promise<EventPlatform> => {
  const { dynamodb: client, s3, now, table, bucket } = await openPlatform(endpoint, stack);
  const { region, credentials } = client.config;
  const settings = { region, credentials, ...(endpoint !== undefined && { endpoint }) };
  const eventBridge = new EventBridgeClient(settings);
  const sqs = new SQSClient(settings);
  const prefix = `signal9-${stack}-`;
  const busName = `${prefix}events`;

  const rules = async (): Promise<Rule[]> => {
    const found: Rule[] = [];
    let NextToken: string | undefined;
    do {
      const page = await eventBridge.send(
        new ListRulesCommand({ EventBusName: busName, NamePrefix: prefix, NextToken }),
      );
      found.push(...(page.Rules ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return found;
  };
  const ruleOf: EventPlatform["ruleOf"] = async (meant) => {
    const all = await rules();
    const byName = new Map(all.map((rule) => [rule.Name?.slice(prefix.length) ?? "", rule]));
    const name = oneOf([...byName.keys()], meant, "consumer");
    return { consumer: name, rule: byName.get(name) ?? {} };
  };

  return {
    store: { client, table: table("event-store"), aside: (key) => readObject(s3, bucket("event-details"), key) },
    now,
    eventBridge,
    busName,
    ruleOf,
    toBus: () => toBus(eventBridge, busName),
    toConsumer: async (name) => {
      const { consumer, rule } = await ruleOf(name);
      const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${prefix}${consumer}` }));
      return toConsumer(sqs, { consumer, pattern: rule.EventPattern ?? "{}", queueUrl: QueueUrl });
    },
    archive: async () => {
      const { ArchiveArn, EventSourceArn, EventCount } = await eventBridge.send(
        new DescribeArchiveCommand({ ArchiveName: busName }),
      );
      return { arn: ArchiveArn ?? "", busArn: EventSourceArn ?? "", events: EventCount ?? 0 };
    },
  };
};
