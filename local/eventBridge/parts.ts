import type { Cloud } from "../cloud/cloud";
import { Archive, type ArchiveSettings } from "./archive";
import { alreadyExists, Buses, type Rule } from "./bus";
import { Deliveries } from "./delivery";
import type { KeptEvents } from "./keptEvents";
import { Replays } from "./replays";
import { Router } from "./router";
import { type OnMetric, RuleMetrics } from "./ruleMetrics";
import { Rules } from "./rules";
import { Schedules } from "./schedules";

/** What EventBridge consists of. */
export interface Parts {
  cloud: Cloud;
  buses: Buses;
  rules: Rules;
  archives: Map<string, Archive>;
  router: Router;
  deliveries: Deliveries;
  kept: KeptEvents;
  replays: Replays;
  schedules: Schedules;
}

export const makeParts = (cloud: Cloud, onMetric: OnMetric | undefined, kept: KeptEvents): Parts => {
  const now = () => cloud.clock.now();
  const buses = new Buses();
  const metrics = new RuleMetrics(now, onMetric);
  const deliveries = new Deliveries(cloud, metrics, kept);
  const router = new Router(cloud.clock, deliveries, metrics);
  const schedules = new Schedules(cloud, router);
  return {
    cloud,
    buses,
    rules: new Rules(buses, schedules, now),
    archives: new Map(),
    router,
    deliveries,
    kept,
    replays: new Replays(cloud, router),
    schedules,
  };
};

export const addArchive = ({ buses, archives, kept }: Parts, settings: ArchiveSettings): void => {
  const bus = buses.get(settings.source);
  if (archives.has(settings.name)) throw alreadyExists(`Archive ${settings.name}`);
  const archive = new Archive(settings, kept);
  archives.set(settings.name, archive);
  bus.archives.push(archive);
};

/** Sends what an earlier process accepted for this rule's targets and did not bring there. */
export const resume = ({ kept, deliveries }: Parts, rule: Rule): void => {
  for (const target of rule.targets.values()) {
    for (const { id, event, acceptedAt } of kept.takeLeft(rule.arn, target.request.Id)) {
      deliveries.send({ rule, target, event, acceptedAt, retries: 0, id });
    }
  }
};
