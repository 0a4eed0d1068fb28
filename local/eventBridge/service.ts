import { AwsError } from "../cloud/awsError";
import { account, type Cloud, type Message, region } from "../cloud/cloud";
import { Journal } from "../cloud/journal";
import type { Service } from "../cloud/service";
import { awsJson } from "../gateway/awsJson";
import type { BusEvent } from "./bus";
import { declaredResources } from "./declared";
import { isObject, isoSeconds, type JsonObject } from "./envelope";
import { KeptEvents } from "./keptEvents";
import { archiveOperations } from "./operations/archives";
import { busOperations } from "./operations/buses";
import { putEventsOperation } from "./operations/putEvents";
import { replayOperations } from "./operations/replays";
import { ruleOperations } from "./operations/rules";
import { targetOperations } from "./operations/targets";
import { asAws } from "./parameters";
import { makeParts } from "./parts";
import type { OnMetric } from "./ruleMetrics";
import type { Scheduled } from "./schedules";

/** An event that an AWS service itself puts on the default bus. */
export interface ServiceEvent {
  source: string;
  detailType: string;
  resources?: readonly string[];
  detail: JsonObject;
}

export interface EventBridge extends Service {
  buses: () => {
    name: string;
    arn: string;
    rules: { name: string; arn: string; enabled: boolean; targets: string[] }[];
  }[];
  emit: (event: ServiceEvent) => void;
  /** Does now what a rule's schedule would do some time. */
  fire: (ruleName: string) => void;
  schedules: () => Scheduled[];
}

const readEvent = (body: string): { source: string; detailType: string; detail: JsonObject; given: JsonObject } => {
  const malformed = new AwsError("ValidationException", "What is delivered to an event bus must be an event.");
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    throw malformed;
  }
  if (!isObject(given)) throw malformed;
  const { source, "detail-type": detailType, detail } = given;
  if (typeof source !== "string" || typeof detailType !== "string" || !isObject(detail)) throw malformed;
  return { source, detailType, detail, given };
};

/** EventBridge: matches events on buses, keeps and replays them, fires schedules, and delivers as AWS does. */
export const createEventBridge = (
  cloud: Cloud,
  { onMetric, journal }: { onMetric?: OnMetric; journal?: string } = {},
): EventBridge => {
  const kept = new KeptEvents(cloud.newId, journal === undefined ? undefined : new Journal(journal));
  const parts = makeParts(cloud, onMetric, kept);
  const { buses, router, schedules, deliveries, replays, archives } = parts;

  const stamp = (source: string, detailType: string, detail: JsonObject): BusEvent => ({
    version: "0",
    id: cloud.newId(),
    "detail-type": detailType,
    source,
    account,
    time: isoSeconds(cloud.clock.now()),
    region,
    resources: [],
    detail,
  });

  const receive = async ({ to, body, from }: Message): Promise<void> => {
    const { source, detailType, detail, given } = readEvent(body);
    const bus = asAws(() => buses.get(to));
    cloud.authorise(from, {
      action: "events:PutEvents",
      resource: to,
      context: { "events:source": source, "events:detail-type": detailType },
      policy: bus.policy?.compiled,
    });
    router.publish(bus, { ...stamp(source, detailType, detail), ...given });
  };
  cloud.onDelivery("events", receive);

  return {
    signingName: "events",
    protocol: awsJson({ version: "1.1", target: "AWSEvents" }),
    operations: {
      ...putEventsOperation(parts),
      ...busOperations(parts),
      ...ruleOperations(parts),
      ...targetOperations(parts),
      ...archiveOperations(parts),
      ...replayOperations(parts),
    },
    resources: declaredResources(parts),
    buses: () =>
      buses.all().map(({ name, arn, rules }) => ({
        name,
        arn,
        rules: [...rules.values()].map((rule) => ({
          name: rule.name,
          arn: rule.arn,
          enabled: rule.enabled,
          targets: [...rule.targets.values()].map(({ request }) => request.Arn),
        })),
      })),
    emit: ({ source, detailType, resources = [], detail }) =>
      router.publish(buses.get(), { ...stamp(source, detailType, detail), resources }),
    fire: (ruleName) => schedules.fire(ruleName),
    schedules: () => schedules.list(),
    reset: () => {
      deliveries.clear();
      replays.reset();
      for (const archive of archives.values()) archive.clear();
      kept.clear();
    },
    close: () => {
      schedules.close();
      deliveries.clear();
      kept.close();
    },
  };
};
