import type { Cloud } from "../cloud/cloud";
import { Archive, type ArchiveSettings } from "./archive";
import { alreadyExists, Buses } from "./bus";
import { Deliveries } from "./delivery";
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
  replays: Replays;
  schedules: Schedules;
}

export const makeParts = (cloud: Cloud, onMetric: OnMetric | undefined): Parts => {
  const now = () => cloud.clock.now();
  const buses = new Buses();
  const metrics = new RuleMetrics(now, onMetric);
  const deliveries = new Deliveries(cloud, metrics);
  const router = new Router(cloud.clock, deliveries, metrics);
  const schedules = new Schedules(cloud, router);
  return {
    cloud,
    buses,
    rules: new Rules(buses, schedules, now),
    archives: new Map(),
    router,
    deliveries,
    replays: new Replays(cloud, router),
    schedules,
  };
};

export const addArchive = ({ buses, archives }: Parts, settings: ArchiveSettings): void => {
  const bus = buses.get(settings.source);
  if (archives.has(settings.name)) throw alreadyExists(`Archive ${settings.name}`);
  const archive = new Archive(settings);
  archives.set(settings.name, archive);
  bus.archives.push(archive);
};
