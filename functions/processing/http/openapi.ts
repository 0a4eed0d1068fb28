import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { isChange, type OperationDefinition } from "./operation";

interface About {
  title: string;
  version: string;
  description: string;
}

type Json = Record<string, unknown>;

const schemaOf = (schema: v.GenericSchema, typeMode: "input" | "output"): Json => {
  const { $schema: _, ...bare } = toJsonSchema(schema, { errorMode: "ignore", typeMode, target: "draft-2020-12" });
  return bare;
};

const inQuery = (query: v.GenericSchema): Json[] => {
  const { properties = {}, required = [] } = schemaOf(query, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));
};

const inPath = (params: v.GenericSchema): Json[] => {
  const { properties = {} } = schemaOf(params, "input") as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "path",
    required: true,
    ...(description !== undefined && { description }),
    schema,
  }));
};

const header = (name: string, description: string): Json => ({
  name,
  in: "header",
  required: false,
  description,
  schema: { type: "string" },
});

const parameters = (operation: OperationDefinition): Json[] => [
  ...(operation.params ? inPath(operation.params) : []),
  ...(operation.query ? inQuery(operation.query) : []),
  ...(isChange(operation)
    ? [header("Idempotency-Key", "the same request again under the same key gets the same answer and changes nothing")]
    : []),
  ...(operation.versioned ? [header("If-Match", "the ETag of what was read; where it changed since, 409")] : []),
  header("X-Correlation-Id", "your own id for what belongs together; it comes back, and is in every event"),
];

const refusals: Record<number, string> = {
  400: "Not understood: `errors` names each field",
  401: "No valid token",
  404: "Nothing of yours under this id",
  409: "Changed since it was read, or at this moment by somebody else",
  412: "A weak tag in If-Match",
  413: "The body is too large",
  415: "The body is not JSON",
  422: "Understood, but cannot be done: `errors` says why",
  429: "Too many requests",
  503: "Not now: try it again",
};

const refusalsOf = (operation: OperationDefinition): number[] => [
  400,
  401,
  ...(operation.params ? [404] : []),
  ...(isChange(operation) ? [409, 422] : []),
  ...(operation.versioned ? [412] : []),
  ...(operation.body ? [413, 415] : []),
  429,
  503,
  ...(operation.refusals ?? []),
];

const responses = (operation: OperationDefinition): Json => {
  const { status, description, schema } = operation.answer;
  const refused = [...new Set(refusalsOf(operation))].sort((a, b) => a - b);
  return {
    [status]: {
      description,
      ...(schema && { content: { "application/json": { schema: schemaOf(schema, "output") } } }),
    },
    ...Object.fromEntries(
      refused.map((code) => [
        code,
        {
          description: refusals[code],
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      ]),
    ),
  };
};

const describe = (operation: OperationDefinition): Json => ({
  operationId: operation.id,
  summary: operation.summary,
  tags: [operation.route.split("/")[1]],
  parameters: parameters(operation),
  ...(operation.body && {
    requestBody: {
      required: true,
      content: { "application/json": { schema: schemaOf(operation.body, "input") } },
    },
  }),
  responses: responses(operation),
});

const text = { type: "string" };

/** RFC 9457. */
const problem = {
  type: "object",
  required: ["type", "title", "status", "detail"],
  properties: {
    type: text,
    title: text,
    status: { type: "integer" },
    detail: text,
    instance: { ...text, description: "holds the correlation id: say it when you ask for help" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["detail"],
        properties: {
          detail: text,
          pointer: { ...text, description: "JSON pointer to the field of the body" },
          parameter: { ...text, description: "name of the query's parameter" },
          header: { ...text, description: "name of the header" },
        },
      },
    },
  },
};

/** The description of an API in OpenAPI 3.1, from the same table that its routes and checks come from. */
export const openApi = (operations: readonly OperationDefinition[], about: About): Json => {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const [method = "", path = ""] = operation.route.split(" ");
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(operation) };
  }
  return {
    openapi: "3.1.0",
    info: about,
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
      schemas: { Problem: problem },
    },
  };
};
