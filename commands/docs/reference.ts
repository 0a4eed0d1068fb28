import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { catalogue } from "../../functions/processing/events/catalogue";
import { type EventDefinition, metadataSchema } from "../../functions/processing/events/definition";
import { eventSchema } from "../../infra/bus";
import type { ProgramRun } from "../../local/engine/program";
import { code, table } from "./markdown";

const root = resolve(__dirname, "../..");

interface JsonSchema {
  type?: string;
  description?: string;
  required?: string[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  enum?: unknown[];
}

const meaning = ({ description, enum: values, items }: JsonSchema): string =>
  description ?? (values ? `one of ${values.map(code).join(", ")}` : items ? meaning(items) : "");

const typeOf = ({ type = "", items }: JsonSchema): string => (items ? `list of ${typeOf(items)}s` : type);

const eventSection = (definition: EventDefinition): string => {
  const { properties } = eventSchema(definition) as { properties: { detail: JsonSchema } };
  const detail = definition.layout === "data" ? (properties.detail.properties?.["data"] ?? {}) : properties.detail;
  const own = Object.entries(detail.properties ?? {}).filter(([name]) => !(name in metadataSchema.entries));
  return [
    `### ${definition.type}`,
    "",
    definition.description,
    "",
    `source ${code(definition.source)}, version ${code(definition.version)}, payload ${
      definition.layout === "flat" ? "directly in `detail`" : "under `detail.data`"
    }`,
    "",
    table(
      ["field", "type", "required", "meaning"],
      own.map(([name, field]) => [
        code(name),
        typeOf(field),
        detail.required?.includes(name) ? "yes" : "no",
        meaning(field),
      ]),
    ),
  ].join("\n");
};

const settingsTable = (): string => {
  const { config } = parse(readFileSync(resolve(root, "Pulumi.yaml"), "utf8")) as {
    config: Record<string, { type: string; default: unknown; secret?: boolean; description: string }>;
  };
  return table(
    ["setting", "type", "default", "meaning"],
    Object.entries(config).map(([name, one]) => [
      code(name),
      one.secret ? "secret" : one.type,
      one.default === "" ? "none" : code(one.default),
      one.description,
    ]),
  );
};

/** What happened, how grave it is, and of which kind. */
const readText = (text: string): string[] =>
  /^(.*) \((\w+)\)\. Runbook: docs\/runbooks\/([\w-]+)\.md$/.exec(text)?.slice(1) ?? [text, "", ""];

const alarmsTable = ({ resources }: ProgramRun): string =>
  table(
    ["alarm", "fires when", "how grave", "tells", "what to do"],
    resources
      .filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm")
      .map(({ name, inputs }) => [
        name,
        ...readText(String(inputs["alarmDescription"])),
        String((inputs["alarmActions"] as string[])[0]?.split(":").at(-1)).replace("signal9-dev-", ""),
      ])
      .map(([name = "", when = "", gravity = "", kind = "", topic = ""]) => [
        name,
        when,
        gravity,
        topic,
        `[${kind}](runbooks/${kind}.md)`,
      ])
      .sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
  );

/** Events, settings and alarms, from where the program has them. */
export const reference = (run: ProgramRun): string =>
  [
    "# Reference",
    "",
    "Made by `npm run docs` from the event catalogue, Pulumi.yaml and the program itself.",
    "",
    "## Events",
    "",
    "Every event carries these fields in `detail`. A publisher may leave them all out: the event's id and time then come",
    "from the EventBridge envelope. A newer major version than the one named is kept in quarantine, in the consumer's dead",
    "letter queue.",
    "",
    table(
      ["field", "meaning"],
      [
        ["`eventId`", "unique; the same id is the same event, however often it arrives"],
        ["`eventType`", "equals the detail-type"],
        ["`eventVersion`", "major.minor"],
        ["`timestamp`", "when it happened, milliseconds since 1970; at most a day after the envelope's `time`"],
        ["`correlationId`", "shared by everything that follows from one cause; the event's id by default"],
        ["`causationId`", "what led to this one, if anything did: the id of an event, or a run of a schedule"],
        ["`userId`", "the person who acted, if one did"],
      ],
    ),
    "",
    ...Object.values(catalogue).flatMap((definition) => [eventSection(definition), ""]),
    "## Settings",
    "",
    settingsTable(),
    "",
    "## Alarms",
    "",
    alarmsTable(run),
    "",
  ].join("\n");
