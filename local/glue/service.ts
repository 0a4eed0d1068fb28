import { AwsError } from "../cloud/awsError";
import { account, region } from "../cloud/cloud";
import { takingOnly } from "../cloud/parameters";
import type { Operation, Service } from "../cloud/service";
import { understood } from "../cloud/understood";
import type { Declared } from "../engine/program";
import { awsJson } from "../gateway/awsJson";

type Shown = Record<string, unknown>;

/** Whose members have names of their own, which are left as they are. */
const maps = ["parameters"];

/** The program's small first letters are great ones on the wire. */
const onWire = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(onWire);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined && inner !== null)
      .map(([name, inner]) => {
        const wired = name === "serDeInfo" ? "SerdeInfo" : name.charAt(0).toUpperCase() + name.slice(1);
        return [wired, maps.includes(name) ? inner : onWire(inner)];
      }),
  );
};

const columns = ["columns", "location", "inputFormat", "outputFormat", "serDeInfo", "compressed", "parameters"];

const arnOf = (rest: string): string => `arn:aws:glue:${region}:${account}:${rest}`;

const notFound = (what: string, name: string): AwsError =>
  new AwsError("EntityNotFoundException", `${what} ${name} not found.`);

const parameters = {
  GetDatabase: ["Name"],
  GetDatabases: [],
  GetTable: ["DatabaseName", "Name"],
  GetTables: ["DatabaseName"],
};

interface Input {
  DatabaseName?: string;
  Name?: string;
}

/** The data catalogue as declared: databases and tables are shown; nothing here queries them. */
export const createGlue = (): Service => {
  const databases = new Map<string, { shown: Shown; tables: Map<string, Shown> }>();

  const database = (name = "") => {
    const found = databases.get(name);
    if (!found) throw notFound("Database", name);
    return found;
  };

  const table = ({ DatabaseName, Name = "" }: Input): Shown => {
    const found = database(DatabaseName).tables.get(Name);
    if (!found) throw notFound("Table", Name);
    return found;
  };

  const operation = (
    action: string,
    resource: (input: Input) => string,
    run: (input: Input) => unknown,
  ): Operation => ({
    access: (input: Input) => ({ action: `glue:${action}`, resource: arnOf(resource(input)) }),
    run,
  });
  const catalog = () => "catalog";

  const declaredTable = (declared: Declared) => {
    understood(declared, [
      "name",
      "databaseName",
      "description",
      "tableType",
      "parameters",
      "partitionKeys",
      "storageDescriptor",
    ]);
    const { name = declared.name, databaseName, ...rest } = declared.inputs as { name?: string; databaseName: string };
    const { storageDescriptor = {} } = rest as { storageDescriptor?: Shown };
    understood({ ...declared, inputs: storageDescriptor }, columns);
    const shown = { Name: name, DatabaseName: databaseName, CatalogId: account, ...(onWire(rest) as Shown) };
    database(databaseName).tables.set(name, shown);
    const id = `${account}:${databaseName}:${name}`;
    return {
      id,
      outputs: { ...declared.inputs, name, catalogId: account, arn: arnOf(`table/${databaseName}/${name}`) },
    };
  };

  const declaredDatabase = (declared: Declared) => {
    understood(declared, ["name", "description", "locationUri", "parameters", "tags", "tagsAll"]);
    const { name = declared.name, tags: _, tagsAll: __, ...rest } = declared.inputs as Shown & { name?: string };
    const shown = { Name: name, CatalogId: account, ...(onWire(rest) as Shown) };
    databases.set(name, { shown, tables: databases.get(name)?.tables ?? new Map() });
    const outputs = { ...declared.inputs, name, catalogId: account, arn: arnOf(`database/${name}`) };
    return { id: `${account}:${name}`, outputs };
  };

  return {
    signingName: "glue",
    protocol: awsJson({ version: "1.1", target: "AWSGlue" }),
    operations: takingOnly(
      "glue",
      parameters,
      {
        GetDatabase: operation(
          "GetDatabase",
          ({ Name }) => `database/${Name}`,
          ({ Name }) => ({ Database: database(Name).shown }),
        ),
        GetDatabases: operation("GetDatabases", catalog, () => ({
          DatabaseList: [...databases.values()].map(({ shown }) => shown),
        })),
        GetTable: operation(
          "GetTable",
          ({ DatabaseName, Name }) => `table/${DatabaseName}/${Name}`,
          (input) => ({ Table: table(input) }),
        ),
        GetTables: operation(
          "GetTables",
          ({ DatabaseName }) => `database/${DatabaseName}`,
          ({ DatabaseName }) => ({ TableList: [...database(DatabaseName).tables.values()] }),
        ),
      },
      Object.keys,
    ),
    resources: {
      "aws:glue/catalogDatabase:CatalogDatabase": declaredDatabase,
      "aws:glue/catalogTable:CatalogTable": declaredTable,
    },
    reset: () => undefined,
    close: () => undefined,
  };
};
