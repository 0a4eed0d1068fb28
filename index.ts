import { analysisBatches } from "./functions/analysisBatches";
import { assetSync } from "./functions/assetSync";
import { earningsSync } from "./functions/earningsSync";
import { ingestion } from "./functions/ingestion";
import { markEarningsProcessed } from "./functions/markEarningsProcessed";
import { newsSync } from "./functions/newsSync";
import { outboxSweeper } from "./functions/outboxSweeper";
import type { Platform } from "./functions/platform";
import { pollination } from "./functions/pollination";
import { pollinationPlanner } from "./functions/pollinationPlanner";
import { catalogue } from "./functions/processing/events/catalogue";
import { createAlarms } from "./infra/alarms";
import { createBuckets } from "./infra/buckets";
import { Bus } from "./infra/bus";
import { Cache } from "./infra/cache";
import { createDashboard } from "./infra/dashboard";
import { Network } from "./infra/network";
import { createOutputs } from "./infra/outputs";
import { createSecrets } from "./infra/secrets";
import { readSettings } from "./infra/settings";
import { createTables } from "./infra/tables";
import { Topics } from "./infra/topics";

const settings = readSettings();

const network = new Network("network", settings);
const tables = createTables(settings);
const buckets = createBuckets(settings);
const cache = new Cache("cache", { network, settings });
const secrets = createSecrets(settings);
const topics = new Topics("topics", settings);
const bus = new Bus("events", { settings, catalogue });

const platform: Platform = { settings, network, tables, buckets, cache, secrets, topics, bus };
const outbox = outboxSweeper(platform);
const schedules = [
  outbox,
  assetSync(platform),
  earningsSync(platform),
  pollinationPlanner(platform),
  newsSync(platform),
];
const consumers = [
  pollination(platform),
  ingestion(platform),
  analysisBatches(platform),
  markEarningsProcessed(platform),
];

const alarms = createAlarms({ consumers, schedules, outbox }, topics, settings);
const dashboard = createDashboard(consumers, alarms);

export = createOutputs({ network, bus, tables, topics, consumers, dashboard });
