import { markEarningsProcessed } from "./functions/markEarningsProcessed";
import { outboxSweeper } from "./functions/outboxSweeper";
import type { Platform } from "./functions/platform";
import { catalogue } from "./functions/processing/events/catalogue";
import { createAlarms } from "./infra/alarms";
import { Bus } from "./infra/bus";
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
createSecrets(settings);
const topics = new Topics("topics", settings);
const bus = new Bus("events", { settings, catalogue });

const platform: Platform = { settings, tables, bus };
const outbox = outboxSweeper(platform);
const consumers = [markEarningsProcessed(platform)];

const alarms = createAlarms({ consumers, schedules: [outbox], outbox }, topics, settings);
const dashboard = createDashboard(consumers, alarms);

export = createOutputs({ network, bus, tables, topics, consumers, dashboard });
