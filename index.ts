import "./infra/bundling";
import { analysis } from "./functions/analysis";
import { analysisBatches } from "./functions/analysisBatches";
import { analysisWorkflow } from "./functions/analysisWorkflow";
import { analytics } from "./functions/analytics";
import { assetSync } from "./functions/assetSync";
import { audit } from "./functions/audit";
import { categorization } from "./functions/categorization";
import { createIndices } from "./functions/createIndices";
import { deadLetterWatch } from "./functions/deadLetterWatch";
import { directTriggers } from "./functions/directTriggers";
import { dlqProcessor } from "./functions/dlqProcessor";
import { earningsSync } from "./functions/earningsSync";
import { experimentDays } from "./functions/experimentDays";
import { experimentStream } from "./functions/experimentStream";
import { experimentResults, putExperiments } from "./functions/experiments";
import { fileProcessor } from "./functions/fileProcessor";
import { ingestion } from "./functions/ingestion";
import { ledger, ledgerUpkeep } from "./functions/ledger";
import { ledgerNotification } from "./functions/ledgerNotification";
import { markEarningsProcessed } from "./functions/markEarningsProcessed";
import { newsSync } from "./functions/newsSync";
import { outboxSweeper } from "./functions/outboxSweeper";
import type { Platform } from "./functions/platform";
import { pollination } from "./functions/pollination";
import { pollinationPlanner } from "./functions/pollinationPlanner";
import { catalogue } from "./functions/processing/events/catalogue";
import { publisherHealth } from "./functions/publisherHealth";
import { queueWatch } from "./functions/queueWatch";
import { search as searching } from "./functions/search";
import { searchIndexing } from "./functions/searchIndexing";
import { searchRepair } from "./functions/searchRepair";
import { shadowComparison } from "./functions/shadowComparison";
import { createAlarms } from "./infra/alarms";
import { ArchiveTable } from "./infra/archiveTable";
import { createBuckets } from "./infra/buckets";
import { Bus } from "./infra/bus";
import { Cache } from "./infra/cache";
import { createDashboard } from "./infra/dashboard/dashboard";
import { createDirectQueue } from "./infra/directTriggers";
import { HttpApi } from "./infra/httpApi";
import { Network } from "./infra/network";
import { createOutputs } from "./infra/outputs";
import { createQueries } from "./infra/queries";
import { Search } from "./infra/search";
import { createSecrets } from "./infra/secrets";
import { readSettings } from "./infra/settings";
import { createTables } from "./infra/tables";
import { Topics } from "./infra/topics";
import { Uploads } from "./infra/uploads";
import { createTokenIssuer } from "./infra/userPool";

const settings = readSettings();

const network = new Network("network", settings);
const tables = createTables(settings);
const buckets = createBuckets(settings);
const uploads = new Uploads("uploads", settings);
const cache = new Cache("cache", { network, settings });
const search = new Search("search", { network, settings, master: createIndices(network, settings) });
const secrets = createSecrets(settings);
const topics = new Topics("topics", settings);
const bus = new Bus("events", { settings, catalogue });
const direct = createDirectQueue();

const platform: Platform = { settings, network, tables, buckets, uploads, cache, search, secrets, topics, bus, direct };
const outbox = outboxSweeper(platform);
const indexing = searchIndexing(platform);
const repair = searchRepair(platform);
const letterWatch = deadLetterWatch(platform);
const workWatch = queueWatch(platform);
const health = publisherHealth(platform);
const comparison = shadowComparison(platform);
const schedules = [
  outbox,
  assetSync(platform),
  earningsSync(platform),
  pollinationPlanner(platform),
  newsSync(platform),
  repair,
  letterWatch,
  workWatch,
  health,
  ledgerUpkeep(platform),
  comparison,
  experimentDays(platform),
];
const workflow = analysisWorkflow(platform);
const ingesting = ingestion(platform);
const ofCompanies = [
  pollination(platform),
  ingesting,
  analysisBatches(platform),
  analysis(platform, workflow),
  indexing,
  markEarningsProcessed(platform),
];
const consumers = [
  ...ofCompanies,
  analytics(platform),
  fileProcessor(platform),
  categorization(platform),
  ledgerNotification(platform),
  audit(platform),
];

const triggers = directTriggers(platform);

const finding = searching(platform);
search.admit({ search: [finding], index: [indexing.lambda, repair.lambda] });

const api = new HttpApi(
  "ledger",
  { description: "The ledger", routes: ledger(platform), tokens: createTokenIssuer(settings) },
  settings,
);

const experiments = {
  stream: experimentStream(platform),
  put: putExperiments(platform),
  results: experimentResults(platform),
  archive: new ArchiveTable("experiment-archive", buckets["event-archive"]),
};
const streams = [experiments.stream];

const deadLetters = dlqProcessor(platform, { consumers, schedules, streams, queues: [direct] });

const watched = {
  consumers,
  ofCompanies,
  ingestion: ingesting,
  schedules,
  outbox,
  deadLetters,
  deadLetterWatch: letterWatch,
  workflow: { machine: workflow, storage: workflow.steps.resultStorage },
  search: finding,
  queueWatch: workWatch,
  publisherHealth: health,
  directTriggers: triggers,
  shadowComparison: comparison,
  apis: [api],
  streams,
  experiments: [experiments.put, experiments.results],
};
createQueries(watched);
const alarms = createAlarms(watched, topics, settings);
const dashboard = createDashboard({ watched, alarms, tables, settings });

export = createOutputs({ network, bus, api, tables, topics, consumers, workflow, dashboard, experiments });
