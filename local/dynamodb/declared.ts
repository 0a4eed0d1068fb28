import type { AwsError } from "../cloud/awsError";
import { account, region } from "../cloud/cloud";
import type { Declared, Realised } from "../engine/program";
import { asking } from "./ask";
import type { Engine } from "./engine";
import { checkIndexes } from "./tables";
import { takeOver } from "./takeOver";

interface IndexInput {
  name: string;
  keySchemas: { attributeName: string; keyType: string }[];
  projectionType: string;
  nonKeyAttributes?: string[];
}

interface LocalIndexInput {
  name: string;
  rangeKey: string;
  projectionType: string;
  nonKeyAttributes?: string[];
}

interface TableInputs {
  name: string;
  hashKey: string;
  rangeKey?: string;
  attributes: { name: string; type: string }[];
  globalSecondaryIndexes?: IndexInput[];
  localSecondaryIndexes?: LocalIndexInput[];
  ttl?: { attributeName: string; enabled: boolean };
  deletionProtectionEnabled?: boolean;
}

/** Understood, and without a local effect: nothing is encrypted or backed up here. */
const withoutEffect = ["billingMode", "serverSideEncryption", "pointInTimeRecovery", "tags", "tagsAll"];
const effective = [
  "name",
  "hashKey",
  "rangeKey",
  "attributes",
  "globalSecondaryIndexes",
  "localSecondaryIndexes",
  "ttl",
  "deletionProtectionEnabled",
];

const check = ({ type, name, inputs }: Declared): TableInputs => {
  for (const property of Object.keys(inputs)) {
    if (!effective.includes(property) && !withoutEffect.includes(property)) {
      throw new Error(`${type} ${name}: property ${property} is not supported by the embedded cloud`);
    }
  }
  if (inputs["billingMode"] !== "PAY_PER_REQUEST") {
    throw new Error(`${type} ${name}: billingMode must be PAY_PER_REQUEST; provisioned capacity is not supported`);
  }
  return inputs as unknown as TableInputs;
};

const keySchema = (hash: string, range: string | undefined) => [
  { AttributeName: hash, KeyType: "HASH" },
  ...(range ? [{ AttributeName: range, KeyType: "RANGE" }] : []),
];

const projection = ({ projectionType, nonKeyAttributes }: IndexInput | LocalIndexInput) => ({
  Projection: { ProjectionType: projectionType, ...(nonKeyAttributes && { NonKeyAttributes: nonKeyAttributes }) },
});

const indexRequest = (index: IndexInput) => ({
  IndexName: index.name,
  KeySchema: index.keySchemas.map(({ attributeName, keyType }) => ({ AttributeName: attributeName, KeyType: keyType })),
  ...projection(index),
});

const localIndexRequest = (hashKey: string) => (index: LocalIndexInput) => ({
  IndexName: index.name,
  KeySchema: keySchema(hashKey, index.rangeKey),
  ...projection(index),
});

const createRequest = (table: TableInputs) => ({
  TableName: table.name,
  BillingMode: "PAY_PER_REQUEST",
  KeySchema: keySchema(table.hashKey, table.rangeKey),
  AttributeDefinitions: table.attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
  ...(table.globalSecondaryIndexes?.length && {
    GlobalSecondaryIndexes: table.globalSecondaryIndexes.map(indexRequest),
  }),
  ...(table.localSecondaryIndexes?.length && {
    LocalSecondaryIndexes: table.localSecondaryIndexes.map(localIndexRequest(table.hashKey)),
  }),
  ...(table.deletionProtectionEnabled && { DeletionProtectionEnabled: true }),
});

/** Makes a table as declared. One that is there already, from a kept folder, is taken over with its items. */
export const realiseTable = async (
  declared: Declared,
  engine: Engine,
): Promise<Realised & { ttl: string | undefined }> => {
  const table = check(declared);
  const wanted = createRequest(table);
  const ask = asking(engine);
  try {
    checkIndexes(wanted);
    await ask("CreateTable", wanted).catch((error: AwsError) => {
      if (error.code !== "ResourceInUseException") throw error;
      return takeOver(wanted, ask);
    });
  } catch (error) {
    throw new Error(`${declared.type} ${declared.name}: ${(error as Error).message}`);
  }
  return {
    id: table.name,
    outputs: { ...declared.inputs, arn: `arn:aws:dynamodb:${region}:${account}:table/${table.name}` },
    ttl: table.ttl?.enabled ? table.ttl.attributeName : undefined,
  };
};
