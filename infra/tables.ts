import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { datedAttributes } from "../functions/processing/ledger/transaction";
import { physicalName } from "./naming";
import type { Settings } from "./settings";

interface Index {
  partition: string;
  sort?: string;
  /** Everything by default; keys only, or with them just these attributes, where the reader fetches the item anyway. */
  projection?: "ALL" | "KEYS_ONLY" | readonly string[];
  /** Part of the table's own partitions, so that it can be read consistently: made with the table, and never without it. */
  local?: true;
}

interface TableSpec {
  partition: string;
  sort?: string;
  indexes?: Record<string, Index>;
  /** Attribute with the epoch second after which an item may go; only where data ages. */
  ttl?: string;
}

/** What is known of a company of one type: a head, and a row for each report and version of it. */
const reports = { partition: "asset_id", sort: "report_key" } as const;

/** Every table of the platform. Keys are strings throughout. A new table is a line here. */
export const tableSpecs = {
  assets: { partition: "asset_id" },
  "company-overview": reports,
  earnings: reports,
  "income-statement": reports,
  "balance-sheet": reports,
  "cash-flow": reports,
  news: { partition: "asset_id", sort: "news_key", ttl: "expires_at" },
  /** Every rating, by day; and beside them the row LATEST, by which a sector's firms are compared. */
  "asset-analysis": {
    partition: "asset_id",
    sort: "analysis_key",
    indexes: {
      "by-analysis": { partition: "analysis_id", sort: "analysis_key" },
      "by-sector": { partition: "sector", sort: "asset_id" },
    },
  },
  "earnings-calendar": {
    partition: "asset_id",
    sort: "earnings_date",
    indexes: { "by-date": { partition: "earnings_date", sort: "asset_id" } },
  },
  "processing-state": { partition: "asset_id", ttl: "expires_at" },
  "queue-tracking": {
    partition: "job_id",
    ttl: "expires_at",
    indexes: { "by-queue": { partition: "queue", sort: "position" } },
  },
  "api-budget": { partition: "budget_id" },
  "event-store": {
    partition: "event_id",
    ttl: "expires_at",
    indexes: {
      pending: { partition: "outbox", sort: "occurred_at" },
      "by-entity": { partition: "entity", sort: "occurred_at", projection: "KEYS_ONLY" },
      "by-correlation": { partition: "correlation_id", sort: "occurred_at", projection: "KEYS_ONLY" },
      // Each index costs an event that it takes one write unit, once: what changes later is in none of them. A day is
      // cut into shards, so that the events of one moment are not all written to one partition.
      "by-day": { partition: "day_shard", sort: "occurred_at", projection: ["event_type"] },
      // Takes only what a person did.
      "by-user": { partition: "user_id", sort: "occurred_at", projection: "KEYS_ONLY" },
      // Takes only what went by two paths, until it has been compared.
      shadow: { partition: "shadow", sort: "occurred_at", projection: "KEYS_ONLY" },
      // Takes only events that begin a story of their own because of one in another.
      "by-causation": { partition: "begun_by", sort: "occurred_at", projection: "KEYS_ONLY" },
    },
  },
  /** The ledger: the partition is the person of the token, so that nobody's request can reach another's rows. */
  accounts: {
    partition: "owner",
    sort: "account_key",
    // Takes only what is to be brought to an end, such as a removal under way.
    indexes: { unfinished: { partition: "unfinished", sort: "account_key", projection: "KEYS_ONLY" } },
  },
  "category-rules": { partition: "owner", sort: "rule_key" },
  files: {
    partition: "owner",
    sort: "file_key",
    indexes: {
      "by-account": { partition: "owner_account", sort: "file_key", projection: "KEYS_ONLY" },
      unfinished: { partition: "unfinished", sort: "file_key", projection: "KEYS_ONLY" },
    },
  },
  transactions: {
    partition: "owner",
    sort: "transaction_key",
    indexes: {
      "by-date": { partition: "owner", sort: "dated", projection: datedAttributes, local: true },
      "by-account": { partition: "owner_account", sort: "dated", projection: "KEYS_ONLY" },
      "by-category": { partition: "owner_category", sort: "dated", projection: "KEYS_ONLY" },
      "by-file": { partition: "owner_file", sort: "dated", projection: "KEYS_ONLY" },
    },
  },
  /** Of each person: how their analytics stand (`STATUS`), what was computed (`RESULT#…`), and which events asked (`EVENT#…`). */
  "analytics-status": { partition: "owner", sort: "analytics_key", ttl: "expires_at" },
  /** Of each person: what they want to know (`PREFERENCES`), how often they were told (`THROTTLE#…`), and of which events (`EVENT#…`). */
  notifications: { partition: "owner", sort: "notification_key", ttl: "expires_at" },
  /** What an experiment is called and which variants it has. */
  experiments: { partition: "experiment_id" },
  /** Which variant of which experiment a user was given. */
  assignments: { partition: "user_id", sort: "experiment_id" },
  /** What was counted of each experiment, in hours and days: a log for each, an entry for each batch. */
  "event-aggregations": { partition: "partition_key", sort: "sort_key", ttl: "expires_at" },
  effects: { partition: "effect_id", ttl: "expires_at" },
  /** What ended in a dead letter queue; a row goes some time after somebody has redriven or discarded it. */
  "dead-letters": {
    partition: "letter_id",
    ttl: "expires_at",
    indexes: {
      "by-origin": { partition: "origin", sort: "failed_at", projection: "KEYS_ONLY" },
      "by-status": { partition: "status", sort: "failed_at", projection: "KEYS_ONLY" },
    },
  },
} as const satisfies Record<string, TableSpec>;

export type TableName = keyof typeof tableSpecs;

export interface Table {
  label: TableName;
  resource: aws.dynamodb.Table;
}

export type Tables = Record<TableName, Table>;

const attributes = (spec: TableSpec): string[] => [
  ...new Set(
    [spec, ...Object.values(spec.indexes ?? {})].flatMap(({ partition, sort }) => [partition, ...(sort ? [sort] : [])]),
  ),
];

const projected = ({ projection = "ALL" }: Index) =>
  typeof projection === "string"
    ? { projectionType: projection }
    : { projectionType: "INCLUDE", nonKeyAttributes: [...projection] };

const globalIndex = ([name, index]: [string, Index]) => ({
  name,
  keySchemas: [
    { attributeName: index.partition, keyType: "HASH" },
    ...(index.sort ? [{ attributeName: index.sort, keyType: "RANGE" }] : []),
  ],
  ...projected(index),
});

const localIndex = ([name, index]: [string, Index]) => ({ name, rangeKey: index.sort ?? "", ...projected(index) });

const indexesOf = ({ indexes = {} }: TableSpec) => {
  const local = Object.entries(indexes).filter(([, index]) => index.local);
  return {
    globalSecondaryIndexes: Object.entries(indexes)
      .filter(([, index]) => !index.local)
      .map(globalIndex),
    ...(local.length > 0 && { localSecondaryIndexes: local.map(localIndex) }),
  };
};

const createTable = (label: TableName, spec: TableSpec, settings: Settings, parent?: pulumi.Resource): Table => ({
  label,
  resource: new aws.dynamodb.Table(
    label,
    {
      name: physicalName(label),
      billingMode: "PAY_PER_REQUEST",
      hashKey: spec.partition,
      ...(spec.sort && { rangeKey: spec.sort }),
      attributes: attributes(spec).map((name) => ({ name, type: "S" })),
      ...indexesOf(spec),
      ...(spec.ttl && { ttl: { attributeName: spec.ttl, enabled: true } }),
      serverSideEncryption: { enabled: true },
      pointInTimeRecovery: { enabled: settings.protect },
      deletionProtectionEnabled: settings.protect,
    },
    { protect: settings.protect, ...(parent && { parent }) },
  ),
});

export const createTables = (settings: Settings): Tables =>
  Object.fromEntries(
    (Object.keys(tableSpecs) as TableName[]).map((label) => [label, createTable(label, tableSpecs[label], settings)]),
  ) as Tables;
