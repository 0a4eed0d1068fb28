import * as v from "valibot";
import { AwsError, unsupported } from "../cloud/awsError";
import { account, type Cloud, region } from "../cloud/cloud";
import type { Operation, Service } from "../cloud/service";
import { type RestInput, restJson } from "../gateway/restJson";
import { realise } from "./declared";
import { isJson } from "./input/json";

interface Schema {
  name: string;
  arn: string;
  type: string;
  content: string;
  description: string | undefined;
  createdAt: string;
}

interface Registry {
  name: string;
  arn: string;
  description: string | undefined;
  schemas: Map<string, Schema>;
}

const registryPath = "/v1/registries/name/{registry}";
const schemaPath = `${registryPath}/schemas/name/{schema}`;

/** Also of what is not supported, so that it is refused by its name. */
const routes = {
  ListRegistries: "GET /v1/registries",
  DescribeRegistry: `GET ${registryPath}`,
  CreateRegistry: `POST ${registryPath}`,
  ListSchemas: `GET ${registryPath}/schemas`,
  SearchSchemas: `GET ${registryPath}/schemas/search`,
  DescribeSchema: `GET ${schemaPath}`,
  CreateSchema: `POST ${schemaPath}`,
  UpdateSchema: `PUT ${schemaPath}`,
  DeleteSchema: `DELETE ${schemaPath}`,
  ExportSchema: `GET ${schemaPath}/export`,
  ListSchemaVersions: `GET ${schemaPath}/versions`,
  GetDiscoveredSchema: "POST /v1/discover",
};

const text = v.exactOptional(v.string());
const noEffect = v.exactOptional(v.unknown());
const registryInputs = v.strictObject({ name: text, description: text, tags: noEffect, tagsAll: noEffect });
const schemaInputs = v.strictObject({
  ...registryInputs.entries,
  registryName: v.string(),
  type: v.picklist(["OpenApi3", "JSONSchemaDraft4"]),
  content: v.pipe(v.string(), v.maxLength(100_000), v.check(isJson, "it is not JSON")),
});

/** A schema keeps the version with which it was declared. */
const onlyVersion = "1";

const arnOf = (kind: string, name: string): string => `arn:aws:schemas:${region}:${account}:${kind}/${name}`;

const notFound = (what: string): AwsError =>
  new AwsError("NotFoundException", `${what} does not exist.`, 404, { Code: "NotFoundException" });

const within = <T extends { name: string }>(all: Iterable<T>, { query }: RestInput, prefixParameter: string): T[] => {
  for (const parameter of query.keys()) {
    if (parameter !== prefixParameter) throw unsupported(`parameter ${parameter} in a list of schemas:`);
  }
  return [...all].filter(({ name }) => name.startsWith(query.get(prefixParameter) ?? ""));
};

/** The registry of event schemas, filled by what the program declares. */
export const createSchemas = (cloud: Cloud): Service => {
  const registries = new Map<string, Registry>();

  const registryOf = (name = ""): Registry => {
    const registry = registries.get(name);
    if (!registry) throw notFound(`Registry ${name}`);
    return registry;
  };

  const schemaOf = ({ path, query }: RestInput): Schema => {
    const schema = registryOf(path["registry"]).schemas.get(path["schema"] ?? "");
    const version = query.get("schemaVersion") ?? onlyVersion;
    if (!schema || version !== onlyVersion) throw notFound(`Schema ${path["schema"]}, version ${version},`);
    return schema;
  };

  const describeRegistry = ({ name: RegistryName, arn: RegistryArn, description: Description }: Registry) => ({
    RegistryName,
    RegistryArn,
    Description,
  });

  const operations: Record<string, Operation> = {
    ListRegistries: {
      access: () => ({ action: "schemas:ListRegistries", resource: "*" }),
      run: (input: RestInput) => ({
        Registries: within(registries.values(), input, "registryNamePrefix").map(describeRegistry),
      }),
    },
    DescribeRegistry: {
      access: ({ path }: RestInput) => ({
        action: "schemas:DescribeRegistry",
        resource: arnOf("registry", path["registry"] ?? ""),
      }),
      run: ({ path }: RestInput) => describeRegistry(registryOf(path["registry"])),
    },
    ListSchemas: {
      access: ({ path }: RestInput) => ({
        action: "schemas:ListSchemas",
        resource: arnOf("registry", path["registry"] ?? ""),
      }),
      run: (input: RestInput) => ({
        Schemas: within(registryOf(input.path["registry"]).schemas.values(), input, "schemaNamePrefix").map(
          ({ name: SchemaName, arn: SchemaArn, createdAt: LastModified }) => ({
            SchemaName,
            SchemaArn,
            LastModified,
            VersionCount: 1,
          }),
        ),
      }),
    },
    DescribeSchema: {
      access: ({ path }: RestInput) => ({
        action: "schemas:DescribeSchema",
        resource: arnOf("schema", `${path["registry"]}/${path["schema"]}`),
      }),
      run: (input: RestInput) => {
        const { name, arn, type, content, description, createdAt } = schemaOf(input);
        return {
          SchemaName: name,
          SchemaArn: arn,
          SchemaVersion: onlyVersion,
          Type: type,
          Content: content,
          Description: description,
          LastModified: createdAt,
          VersionCreatedDate: createdAt,
        };
      },
    },
  };

  return {
    signingName: "schemas",
    protocol: restJson(routes),
    operations,
    resources: {
      "aws:schemas/registry:Registry": realise(registryInputs, ({ name: given, description }, label) => {
        const name = given ?? label;
        if (registries.has(name)) throw new AwsError("ConflictException", `Registry ${name} already exists.`, 409);
        const arn = arnOf("registry", name);
        registries.set(name, { name, arn, description, schemas: new Map() });
        return { id: name, outputs: { name, arn } };
      }),
      "aws:schemas/schema:Schema": realise(schemaInputs, (inputs, label) => {
        const { name = label, registryName, type, content, description } = inputs;
        const { schemas } = registryOf(registryName);
        if (schemas.has(name)) throw new AwsError("ConflictException", `Schema ${name} already exists.`, 409);
        const arn = arnOf("schema", `${registryName}/${name}`);
        const createdAt = new Date(cloud.clock.now()).toISOString();
        schemas.set(name, { name, arn, type, content, description, createdAt });
        const stamps = { version: onlyVersion, lastModified: createdAt, versionCreatedDate: createdAt };
        return { id: `${name}/${registryName}`, outputs: { name, arn, ...stamps } };
      }),
    },
    reset: () => undefined,
    close: () => undefined,
  };
};
