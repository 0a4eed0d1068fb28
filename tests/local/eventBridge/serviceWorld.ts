import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { Clock } from "../../../local/cloud/clock";
import type { Message } from "../../../local/cloud/cloud";
import { Cloud } from "../../../local/cloud/cloud";
import type { MetricDatum } from "../../../local/cloudWatch/metricData";
import { createSchemas } from "../../../local/eventBridge/schemas";
import { createEventBridge, type EventBridge } from "../../../local/eventBridge/service";
import { startTestCloud, type TestCloud } from "../cloud";

export const queueArn = (name: string) => `arn:aws:sqs:us-east-1:123456789012:${name}`;
export const busArn = (name: string) => `arn:aws:events:us-east-1:123456789012:event-bus/${name}`;
export const ruleArn = (name: string) => `arn:aws:events:us-east-1:123456789012:rule/${name}`;

export interface EventBridgeWorld extends TestCloud {
  bridge: EventBridge;
  client: TestCloud["client"];
  events: EventBridgeClient;
  metrics: MetricDatum[];
  messages: Message[];
  /** What a queue answers to a delivery, by ARN; nothing: it takes the message. */
  refusals: Map<string, () => Error | undefined>;
  put: (...entries: Partial<PutEventsRequestEntry>[]) => ReturnType<typeof putEvents>;
  /** Names of metrics with how often they were counted. */
  counted: (rule: string) => Record<string, number>;
  settle: () => Promise<void>;
  messagesTo: (name: string) => Message[];
}

export const startsAt = Date.UTC(2026, 2, 1, 4, 5, 6, 789);

export const anEntry = { Source: "signal9.test", DetailType: "tested", Detail: '{"correlationId":"c-1","n":1}' };

const putEvents = (client: EventBridgeClient, entries: readonly Partial<PutEventsRequestEntry>[]) =>
  client.send(new PutEventsCommand({ Entries: entries.map((entry) => ({ ...anEntry, ...entry })) }));

/** EventBridge with queues that only write down what they are given. */
export const startWorld = async (journal?: string): Promise<EventBridgeWorld> => {
  const made: EventBridge[] = [];
  const metrics: MetricDatum[] = [];
  const messages: Message[] = [];
  const refusals: EventBridgeWorld["refusals"] = new Map();
  const cloud = new Cloud({ clock: new Clock(() => startsAt) });
  const take = async (message: Message): Promise<void> => {
    const refusal = refusals.get(message.to)?.();
    if (refusal) throw refusal;
    messages.push(message);
  };
  for (const service of ["sqs", "sns", "lambda"]) cloud.onDelivery(service, take);
  const world = await startTestCloud((shared) => {
    const bridge = createEventBridge(shared, {
      onMetric: (datum) => metrics.push(datum),
      ...(journal !== undefined && { journal }),
    });
    made.push(bridge);
    return [bridge, createSchemas(shared)];
  }, cloud);
  const [bridge] = made;
  if (!bridge) throw new Error("there is no EventBridge");
  const events = new EventBridgeClient(world.client);
  return {
    ...world,
    bridge,
    events,
    metrics,
    messages,
    refusals,
    put: (...entries) => putEvents(events, entries),
    counted: (rule) => {
      const counts: Record<string, number> = {};
      for (const { name, dimensions, counts: [count = 1] = [] } of metrics) {
        if (dimensions["RuleName"] === rule) counts[name] = (counts[name] ?? 0) + count;
      }
      return counts;
    },
    settle: () => cloud.activity.settle(cloud.clock),
    messagesTo: (name) => messages.filter(({ to }) => to === queueArn(name)),
    close: async () => {
      events.destroy();
      await world.close();
    },
  };
};

/** A rule on a bus with one queue as its target. */
export const declareRule = async (
  world: EventBridgeWorld,
  name: string,
  inputs: { rule?: Record<string, unknown>; target?: Record<string, unknown>; bus?: string } = {},
): Promise<void> => {
  const eventBusName = inputs.bus ?? "events";
  const pattern = { eventPattern: JSON.stringify({ source: ["signal9.test"] }) };
  await world.declare("aws:cloudwatch/eventRule:EventRule", name, { name, eventBusName, ...(inputs.rule ?? pattern) });
  await world.declare("aws:cloudwatch/eventTarget:EventTarget", name, {
    rule: name,
    eventBusName,
    targetId: "to",
    arn: queueArn(name),
    ...inputs.target,
  });
};

export { failure } from "../failure";
