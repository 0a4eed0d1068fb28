import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ArchiveTable } from "./archiveTable";
import type { Bus } from "./bus";
import type { Consumer } from "./consumer";
import type { HttpApi } from "./httpApi";
import type { Lambda } from "./lambda";
import { camelCase } from "./naming";
import type { Network } from "./network";
import type { StateMachine } from "./stateMachine";
import type { Stream } from "./stream";
import type { Tables } from "./tables";
import type { TopicName, Topics } from "./topics";

interface NameAndArn {
  name: string;
  arn: string;
}

type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** The tables that other teams may read. The rest is ours to change. */
const sharedTables = [
  "assets",
  "company-overview",
  "earnings",
  "income-statement",
  "balance-sheet",
  "cash-flow",
  "news",
  "asset-analysis",
  "earnings-calendar",
  "processing-state",
  "event-store",
] as const satisfies (keyof Tables)[];

/**
 * The contract with other teams. Names and shapes change only with a new major version of the platform; a capability
 * that arrives adds its own.
 */
export interface Signal9Outputs {
  /** Publish to it, subscribe to it. */
  bus: NameAndArn;
  /** Schemas of every event, by `<source>@<detail-type>`. */
  schemaRegistry: NameAndArn;
  /** Replays events of the past onto the bus. */
  archive: NameAndArn;
  tables: Record<CamelCase<(typeof sharedTables)[number]>, NameAndArn>;
  topics: Record<CamelCase<TopicName>, { arn: string }>;
  /** By consumer: where its events wait, and where those lie that nothing could be done with. */
  queues: Record<string, { url: string; arn: string; deadLettersUrl: string; deadLettersArn: string }>;
  /** Where the ledger answers: `GET /openapi.json` there says what to ask. */
  api: { endpoint: string };
  /** Put records into the stream; invoke the functions; query the archive with Athena. */
  experiments: {
    stream: NameAndArn;
    put: NameAndArn;
    results: NameAndArn;
    archive: { database: string; table: string };
  };
  /** Rates companies, batch by batch: look at its executions, or start one. */
  stateMachine: NameAndArn;
  network: { vpcId: string; privateSubnetIds: string[]; functionsGroupId: string };
  dashboard: { name: string };
}

export type OutputsOf<Shape> = { [Name in keyof Shape]: pulumi.Output<Shape[Name]> };

interface Exported {
  network: Network;
  bus: Bus;
  api: HttpApi;
  tables: Tables;
  topics: Topics;
  consumers: readonly Consumer[];
  workflow: StateMachine<string>;
  dashboard: aws.cloudwatch.Dashboard;
  experiments: { stream: Stream; put: Lambda; results: Lambda; archive: ArchiveTable };
}

const nameAndArn = ({
  name,
  arn,
}: {
  name: pulumi.Output<string>;
  arn: pulumi.Output<string>;
}): pulumi.Output<NameAndArn> => pulumi.output({ name, arn });

/** By label, spelt as outputs are. */
const byLabel = <Label extends string, Value>(
  entries: [Label, pulumi.Input<Value>][],
): pulumi.Output<Record<CamelCase<Label>, Value>> =>
  pulumi
    .all(entries.map(([label, value]) => pulumi.output(value).apply((known) => [camelCase(label), known] as const)))
    .apply((known) => Object.fromEntries(known) as Record<CamelCase<Label>, Value>);

export const createOutputs = ({
  bus,
  api,
  network,
  tables,
  topics,
  consumers,
  workflow,
  dashboard,
  experiments: { stream, put, results, archive },
}: Exported): OutputsOf<Signal9Outputs> => ({
  bus: nameAndArn(bus.resource),
  schemaRegistry: nameAndArn(bus.registry),
  archive: nameAndArn(bus.archive),
  tables: byLabel(sharedTables.map((label) => [label, nameAndArn(tables[label].resource)])),
  topics: byLabel(
    (Object.keys(topics.byName) as TopicName[]).map((label) => [
      label,
      pulumi.output({ arn: topics.byName[label].arn }),
    ]),
  ),
  queues: byLabel(
    consumers.map(({ label, queue: { queue, deadLetters } }) => [
      label,
      pulumi.output({
        url: queue.url,
        arn: queue.arn,
        deadLettersUrl: deadLetters.url,
        deadLettersArn: deadLetters.arn,
      }),
    ]),
  ),
  api: pulumi.output({ endpoint: api.endpoint }),
  experiments: pulumi.output({
    stream: nameAndArn(stream.resource),
    put: nameAndArn(put.function),
    results: nameAndArn(results.function),
    archive: { database: archive.database.name, table: archive.table.name },
  }),
  stateMachine: nameAndArn(workflow.resource),
  network: pulumi.output({
    vpcId: network.vpcId,
    privateSubnetIds: network.privateSubnetIds,
    functionsGroupId: network.groups.functions.id,
  }),
  dashboard: pulumi.output({ name: dashboard.dashboardName }),
});
