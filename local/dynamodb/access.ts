import { AwsError } from "../cloud/awsError";
import { type Access, account, region } from "../cloud/cloud";

/** The parts of DynamoDB requests that say which tables are touched, and how. */
export interface Request {
  TableName?: string;
  IndexName?: string;
  RequestItems?: Record<string, unknown>;
  TransactItems?: Record<string, { TableName?: string }>[];
  ResourceArn?: string;
}

export const tableArn = (name: string): string =>
  name.startsWith("arn:") ? name : `arn:aws:dynamodb:${region}:${account}:table/${name}`;

const named = (name: string | undefined): string => {
  if (typeof name === "string" && name.length > 0) return tableArn(name);
  throw new AwsError("ValidationException", "The parameter 'TableName' is required but was not present in the request");
};

export const accessToTable =
  (action: string) =>
  ({ TableName }: Request): Access => ({ action: `dynamodb:${action}`, resource: named(TableName) });

const onTableOrIndex =
  (action: string) =>
  ({ TableName, IndexName }: Request): Access => ({
    action: `dynamodb:${action}`,
    resource: IndexName ? `${named(TableName)}/index/${IndexName}` : named(TableName),
  });

const onEach =
  (action: string) =>
  ({ RequestItems = {} }: Request): Access[] =>
    Object.keys(RequestItems).map((table) => ({ action: `dynamodb:${action}`, resource: tableArn(table) }));

const anywhere = (action: string) => (): Access => ({ action: `dynamodb:${action}`, resource: "*" });

/** A transaction needs what each of its parts would need alone. */
const transactionActions: Record<string, string> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
  Get: "GetItem",
};

const onParts = ({ TransactItems = [] }: Request): Access[] => {
  const needed = new Map<string, Access>();
  for (const item of TransactItems) {
    for (const [part, { TableName }] of Object.entries(item)) {
      const action = transactionActions[part];
      if (!action) throw new AwsError("ValidationException", `A transaction has no part named ${part}`);
      const access = { action: `dynamodb:${action}`, resource: named(TableName) };
      needed.set(`${access.action} ${access.resource}`, access);
    }
  }
  return [...needed.values()];
};

/** What each operation must be allowed to do. One that is missing here is refused by name. */
export const accessOf: Record<string, (request: Request) => Access | Access[]> = {
  BatchGetItem: onEach("BatchGetItem"),
  BatchWriteItem: onEach("BatchWriteItem"),
  CreateTable: accessToTable("CreateTable"),
  DeleteItem: accessToTable("DeleteItem"),
  DeleteTable: accessToTable("DeleteTable"),
  DescribeTable: accessToTable("DescribeTable"),
  GetItem: accessToTable("GetItem"),
  ListTables: anywhere("ListTables"),
  PutItem: accessToTable("PutItem"),
  Query: onTableOrIndex("Query"),
  Scan: onTableOrIndex("Scan"),
  TransactGetItems: onParts,
  TransactWriteItems: onParts,
  UpdateItem: accessToTable("UpdateItem"),
  UpdateTable: accessToTable("UpdateTable"),
};
