import { leastConfidence } from "../../functions/processing/analysis/weights";
import { byText } from "../../functions/processing/order";
import type { EmbeddedCloud } from "../../local/embedded";
import type { Resource } from "../../local/engine/program";
import { tellingOf } from "../usual";
import type { Experiment } from "./experiment";
import type { LedgerMorning } from "./ledgerMorning";
import type { SampleEvents } from "./sampleEvents";
import type { Company, Rated, TradingDay } from "./tradingDay";
import type { Trouble } from "./troubles";

const groups: [string, string][] = [
  ["tables", "aws:dynamodb/table:Table"],
  ["buses", "aws:cloudwatch/eventBus:EventBus"],
  ["rules", "aws:cloudwatch/eventRule:EventRule"],
  ["queues", "aws:sqs/queue:Queue"],
  ["functions", "aws:lambda/function:Function"],
  ["topics", "aws:sns/topic:Topic"],
  ["alarms", "aws:cloudwatch/metricAlarm:MetricAlarm"],
];

const widest = 100;

const groupLine = (label: string, resources: readonly Resource[]): string => {
  const names = resources.map(({ name }) => name).sort();
  const shown: string[] = [];
  for (const name of names) {
    if ([...shown, name].join(", ").length > widest) break;
    shown.push(name);
  }
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  return `  ${label.padEnd(10)}${String(names.length).padStart(4)}   ${shown.join(", ")}${more}`;
};

const time = (moment: number | undefined): string =>
  moment === undefined ? "never" : `${new Date(moment).toISOString().slice(0, 16).replace("T", " ")} UTC`;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** What came up, as a list to start from. */
export const startUpList = ({ run, url, startedInMs, services }: EmbeddedCloud): string => {
  const ofType = (type: string) => run.resources.filter((resource) => resource.type === type);
  const known = new Set(groups.map(([, type]) => type));
  const rest = run.resources.filter(({ custom, type }) => custom && !known.has(type)).length;
  return [
    `Signal9, stack ${run.stack}, is up on the embedded cloud: ${run.resources.length} resources in ${seconds(startedInMs)}`,
    "",
    ...groups.map(([label, type]) => groupLine(label, ofType(type))),
    `  ${"others".padEnd(10)}${String(rest).padStart(4)}   roles, policies, log groups, network, keys, schemas`,
    "",
    ...services.eventBridge
      .schedules()
      .map(({ name, expression, next }) => `  schedule   ${name}   ${expression}, next ${time(next)}`),
    "",
    ...services.apiGateway
      .apis()
      .map(
        ({ endpoint, routes }) =>
          `  api        ${endpoint}   ${routes.length} routes; npm run -s token${tellingOf({ stack: run.stack, url })} prints a token`,
      ),
    `  endpoint   ${url}   for every AWS service here; sign as local / local`,
    `             AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1 \\`,
    `               aws --endpoint-url ${url} dynamodb list-tables`,
    "",
  ].join("\n");
};

/** What a person did, what the API said, and what followed. */
export const ledgerReport = ({ steps, tree, lost }: LedgerMorning): string => {
  const width = Math.max(...steps.map(({ did }) => did.length));
  return [
    "A person's morning with the ledger, over its HTTP API with a token:",
    "",
    ...steps.map(({ did, status, said }) => `  ${did.padEnd(width)}   ${status}   ${said}`),
    "",
    "  and the events that followed:",
    "",
    ...tree.map((line) => `  ${line}`),
    "",
    ...lost.map((what) => `  LOST: ${what}`),
    `  ${lost.length} lost`,
  ].join("\n");
};

/** Where each sample event ended. */
export const samplesTable = ({ ends, counts, lost, doubled }: SampleEvents): string => {
  const widths = [
    Math.max(...ends.map(({ event }) => event.length)),
    Math.max(...ends.map(({ ended }) => ended.length)),
  ];
  const told = Object.entries(counts)
    .sort(([one], [other]) => byText(one, other))
    .map(([ended, count]) => `${count} ${ended}`);
  return [
    "Ten events, one of each kind, and where each ended:",
    "",
    ...ends.map(
      ({ event, ended, why }) => `  ${event.padEnd(widths[0] ?? 0)}   ${ended.padEnd(widths[1] ?? 0)}   ${why}`,
    ),
    ...lost.map((event) => `  ${event.padEnd(widths[0] ?? 0)}   LOST`),
    ...doubled.map((eventId) => `  ${eventId}: found more than once`),
    "",
    `  ${told.join(", ")}, ${lost.length} lost, ${doubled.length} doubled`,
  ].join("\n");
};

const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

/** Where each record of the stream ended, and what the experiment says. */
export const experimentReport = ({ sent, ended, variants, comparison, lost }: Experiment): string => {
  const { counted, duplicates, refused, archived } = ended;
  const count = (number: number) => number.toLocaleString("en").padStart(8);
  const points = (rate: number) => (rate * 100).toFixed(1);
  const rates = variants.map(({ variant, exposed, converted }) => `${variant} ${share(converted, exposed)}`);
  return [
    `An experiment, ${sent.records.toLocaleString("en")} records through Kinesis, ${sent.repeated} of them repeated and ${sent.bad} of them bad:`,
    "",
    `  ${count(counted)}   events counted, each once`,
    `  ${count(duplicates)}   known already, not counted again`,
    `  ${count(refused)}   refused with a reason, in the dead letters`,
    `  ${count(counted + duplicates + refused)}   in all`,
    `  ${count(archived)}   different events in the archive`,
    "",
    ...(comparison
      ? [
          `  who paid: ${rates.join(", ")}; ${points(comparison.difference)} points apart, with 95 % confidence from ${points(comparison.low)} to ${points(comparison.high)}, p = ${comparison.pValue.toFixed(4)}`,
        ]
      : []),
    ...lost.map((what) => `  WRONG: ${what}`),
    `  ${lost.length} wrong`,
  ].join("\n");
};

/** What the run so far would have cost on AWS. */
export const billLines = ({ cloud }: EmbeddedCloud): string => {
  const { lines, dollars } = cloud.meter.bill();
  const parts = lines.slice(0, 4).map(({ what, amount }) => `${Number(amount.toFixed(3))} ${what}`);
  return `  on AWS: $${dollars.toFixed(6)} at list price (${parts.join(", ")}${lines.length > 4 ? ", …" : ""})`;
};

const listed = 12;

/** The companies of one kind: by name where they are few. */
const companyLines = (label: string, companies: readonly Company[]): string[] => {
  const shown = companies.slice(0, listed).map(({ assetId, name, why }) => `    ${assetId.padEnd(7)}${name}: ${why}`);
  const more = companies.length > listed ? [`    and ${companies.length - listed} more`] : [];
  return [`  ${companies.length} ${label}`, ...shown, ...more];
};

const ratingLines = (ratings: readonly Rated[]): string[] => {
  if (ratings.length === 0) return [];
  const widest = Math.max(...ratings.map(({ name }) => name.length));
  return [
    "  ratings",
    ...ratings.flatMap(({ assetId, name, rating, confidence, best, worst, reason }) => [
      `    ${assetId.padEnd(7)}${name.padEnd(widest)}  ${rating.padEnd(11)}  ${Math.round(confidence * 100)} % sure, best ${best}, worst ${worst}`,
      ...(confidence < leastConfidence.strong ? [`    ${" ".repeat(7)}${reason}`] : []),
    ]),
    "    why: npm run explain -- SYMBOL, while npm start runs",
    "",
  ];
};

/** What a trading day brought. */
export const tradingDayReport = ({ day, steps, companies, ratings, calls, lost }: TradingDay): string => {
  const ended = (kind: Company["ended"]) => companies.filter((company) => company.ended === kind);
  const deferred = ended("deferred");
  const reasons = new Map<string, number>();
  for (const { why } of deferred) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  return [
    `A trading day, ${day}, by the clock turned forward:`,
    "",
    ...steps.map(({ time, what, said }) => `  ${time.slice(11, 16)}  ${what.padEnd(18)}${said}`),
    "",
    ...companyLines("done", ended("done")),
    ...companyLines("begun, go on tomorrow", ended("waiting")),
    ...companyLines("refused", ended("refused")),
    `  ${deferred.length} deferred`,
    ...[...reasons].map(([why, count]) => `    ${count}: ${why}`),
    ...lost.map((assetId) => `    ${assetId}: LOST`),
    "",
    ...ratingLines(ratings),
    `  calls: ${calls.map(({ provider, asked, outcome, count }) => `${count} ${provider} ${asked} ${outcome}`).join(", ") || "none that the stand-in market saw"}`,
  ].join("\n");
};

/** Functions that failed, how often, and why. */
export const troublesTable = (troubles: readonly Trouble[]): string => {
  const width = Math.max(...troubles.map(({ function: { length } }) => length));
  return [
    "Functions that failed, in their logs with more:",
    "",
    ...troubles.map(
      ({ function: name, failed, invocations, error }) =>
        `  ${name.padEnd(width)}   ${failed} of ${invocations} invocations, the last by ${error}`,
    ),
  ].join("\n");
};
