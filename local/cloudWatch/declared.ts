import type { Cloud } from "../cloud/cloud";
import type { Realise } from "../cloud/service";
import { understood } from "../cloud/understood";
import type { Declared, Realised } from "../engine/program";
import { compilePolicy } from "../iam/policy";
import { defineAlarm } from "./alarm";
import { alarmArn } from "./alarm/notification";
import { isKnownAction, site } from "./board/actions";
import type { AlarmBoard } from "./board/alarmBoard";
import { type Dashboards, dashboardArn } from "./dashboards";
import { groupArn } from "./logsApi/access";
import type { Journal } from "./logsApi/journal";
import { type SavedQuery, saveQuery } from "./logsApi/savedQueries";
import { defineMetricFilter } from "./metricFilter";

type Inputs = Record<string, unknown>;

const about = ({ type, name }: Declared): string => `${type} ${name}`;

const refuse = (declared: Declared, property: string): Error =>
  new Error(`${about(declared)}: property ${property} is not supported by the embedded cloud`);

const textOf = (declared: Declared, property: string, otherwise?: string): string => {
  const value = declared.inputs[property] ?? otherwise;
  if (typeof value !== "string") throw new Error(`${about(declared)}: property ${property} must be a text`);
  return value;
};

/** The inputs that have an effect. */
const effectiveOf = (declared: Declared, effective: readonly string[], withoutEffect: readonly string[]): Inputs => {
  const odd = Object.keys(declared.inputs).find((name) => ![...effective, ...withoutEffect].includes(name));
  if (odd) throw refuse(declared, odd);
  return Object.fromEntries(Object.entries(declared.inputs).filter(([name]) => effective.includes(name)));
};

/** Says of which resource something was refused. */
const naming =
  (realise: (declared: Declared) => Realised): Realise =>
  (declared) => {
    try {
      return realise(declared);
    } catch (error) {
      if (!(error instanceof Error) || error.message.startsWith(about(declared))) throw error;
      throw new Error(`${about(declared)}: ${error.message}`, { cause: error });
    }
  };

const realiseLogGroup = (declared: Declared, journal: Journal): Realised => {
  const withoutEffect = ["kmsKeyId", "skipDestroy", "deletionProtectionEnabled", "tags", "tagsAll"];
  const inputs = effectiveOf(declared, ["name", "retentionInDays", "logGroupClass"], withoutEffect);
  if ((inputs["logGroupClass"] ?? "STANDARD") !== "STANDARD") throw refuse(declared, "logGroupClass");
  const name = textOf(declared, "name", declared.name);
  // To Pulumi's provider, zero days are for ever.
  journal.declareGroup(name, Number(inputs["retentionInDays"] ?? 0) || undefined);
  return { id: name, outputs: { ...declared.inputs, name, arn: groupArn(name) } };
};

const realiseMetricFilter = (declared: Declared, journal: Journal): Realised => {
  const given = effectiveOf(declared, ["name", "logGroupName", "pattern", "metricTransformation"], []);
  const inputs = { ...given, name: textOf(declared, "name", declared.name) };
  journal.putFilter(defineMetricFilter(inputs), inputs);
  return { id: inputs.name, outputs: { ...declared.inputs, name: inputs.name } };
};

const alarmProperties = [
  "name",
  "alarmDescription",
  "actionsEnabled",
  "alarmActions",
  "okActions",
  "insufficientDataActions",
  "comparisonOperator",
  "threshold",
  "thresholdMetricId",
  "evaluationPeriods",
  "datapointsToAlarm",
  "treatMissingData",
  "evaluateLowSampleCountPercentiles",
  "namespace",
  "metricName",
  "dimensions",
  "statistic",
  "extendedStatistic",
  "period",
  "unit",
  "metricQueries",
  "tags",
];

const realiseAlarm = (declared: Declared, board: AlarmBoard): Realised => {
  const name = textOf(declared, "name", declared.name);
  const definition = defineAlarm({ ...effectiveOf(declared, alarmProperties, ["tagsAll"]), name });
  const odd = Object.values(definition.actions)
    .flat()
    .find((arn) => !isKnownAction(arn));
  if (odd) throw new Error(`${about(declared)}: the action ${odd} is not supported by the embedded cloud`);
  board.put(definition);
  return { id: name, outputs: { ...declared.inputs, name, arn: alarmArn(name, site) } };
};

const realiseDashboard = (declared: Declared, dashboards: Dashboards, now: number): Realised => {
  effectiveOf(declared, ["dashboardName", "dashboardBody"], []);
  const name = textOf(declared, "dashboardName", declared.name);
  const body = textOf(declared, "dashboardBody");
  try {
    JSON.parse(body);
  } catch {
    throw new Error(`${about(declared)}: property dashboardBody must be JSON`);
  }
  dashboards.set(name, { name, body, modifiedAt: now });
  const arn = dashboardArn(name);
  return { id: name, outputs: { ...declared.inputs, dashboardName: name, name, arn, dashboardArn: arn } };
};

const realiseSavedQuery = (declared: Declared, saved: Map<string, SavedQuery>, now: number): Realised => {
  const inputs = effectiveOf(declared, ["name", "queryString", "logGroupNames"], []);
  const name = textOf(declared, "name", declared.name);
  const groups = (inputs["logGroupNames"] ?? []) as string[];
  const query = saveQuery(name, textOf(declared, "queryString"), groups, now);
  saved.set(query.id, query);
  return { id: query.id, outputs: { ...declared.inputs, name, queryDefinitionId: query.id } };
};

interface Kept {
  cloud: Cloud;
  board: AlarmBoard;
  dashboards: Dashboards;
  journal: Journal;
  saved: Map<string, SavedQuery>;
}

export const monitoringResources = ({ cloud, board, dashboards }: Kept): Record<string, Realise> => ({
  "aws:cloudwatch/metricAlarm:MetricAlarm": naming((declared) => realiseAlarm(declared, board)),
  "aws:cloudwatch/dashboard:Dashboard": naming((declared) => realiseDashboard(declared, dashboards, cloud.clock.now())),
});

export const logsResources = ({ cloud, journal, saved }: Kept): Record<string, Realise> => ({
  "aws:cloudwatch/logGroup:LogGroup": naming((declared) => realiseLogGroup(declared, journal)),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": naming((declared) => realiseMetricFilter(declared, journal)),
  "aws:cloudwatch/queryDefinition:QueryDefinition": naming((declared) =>
    realiseSavedQuery(declared, saved, cloud.clock.now()),
  ),
  // Checked for its form; the services here write their logs without asking.
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": (declared) => {
    understood(declared, ["policyName", "policyDocument"]);
    const { policyName, policyDocument } = declared.inputs as { policyName: string; policyDocument: unknown };
    compilePolicy(policyDocument, { name: policyName, kind: "resource" });
    return { id: policyName, outputs: declared.inputs };
  },
});
