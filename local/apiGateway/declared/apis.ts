import type { Cloud } from "../../cloud/cloud";
import type { Declared, Realised } from "../../engine/program";
import { type Api, apiArn, endpointOf, executionArn, idOf } from "../api";
import type { Cors } from "../cors";
import { known, only, refusal, texts, withoutEffect } from "./properties";

const idLength = 10;

export type Apis = Map<string, Api>;

export const apiOf = (apis: Apis, declared: Declared): Api => {
  const api = apis.get(String(declared.inputs["apiId"]));
  if (!api) throw refusal(declared, `there is no API ${declared.inputs["apiId"]}`);
  return api;
};

const corsOf = (declared: Declared, given: unknown): Cors | undefined => {
  if (given === undefined) return undefined;
  const names = ["allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders", "maxAge", "allowCredentials"];
  const cors = known(declared, given, names, "corsConfiguration.");
  const allowOrigins = texts(cors["allowOrigins"]);
  const allowCredentials = cors["allowCredentials"] === true;
  if (allowCredentials && allowOrigins.includes("*")) {
    throw refusal(declared, "allowCredentials cannot be true while every origin is allowed");
  }
  return {
    allowOrigins,
    allowMethods: texts(cors["allowMethods"]),
    allowHeaders: texts(cors["allowHeaders"]),
    exposeHeaders: texts(cors["exposeHeaders"]),
    maxAge: cors["maxAge"] === undefined ? undefined : Number(cors["maxAge"]),
    allowCredentials,
  };
};

export const realiseApi = (cloud: Cloud, apis: Apis, declared: Declared): Realised => {
  const names = ["name", "protocolType", "corsConfiguration", "disableExecuteApiEndpoint", ...withoutEffect];
  const inputs = known(declared, declared.inputs, names);
  if (inputs["protocolType"] !== "HTTP") only(declared, inputs, "protocolType", "HTTP");
  only(declared, inputs, "disableExecuteApiEndpoint", false);
  const name = String(inputs["name"] ?? declared.name);
  const api: Api = {
    id: idOf(idLength, name),
    name,
    description: inputs["description"] === undefined ? undefined : String(inputs["description"]),
    cors: corsOf(declared, inputs["corsConfiguration"]),
    createdAt: cloud.clock.now(),
    routes: [],
    integrations: new Map(),
    authorizers: new Map(),
    stages: new Map(),
  };
  apis.set(api.id, api);
  return {
    id: api.id,
    outputs: {
      ...inputs,
      name,
      arn: apiArn(api),
      apiEndpoint: endpointOf(cloud.endpoint, api),
      executionArn: executionArn(api),
    },
  };
};
