import type { Declared, Realised } from "../../engine/program";
import { type Authorizer, type Integration, idOf } from "../api";
import { readRouteKey } from "../request/routing";
import { type FetchDocument, Issuer } from "../tokens/issuer";
import { type Apis, apiOf } from "./apis";
import { known, only, refusal, texts, withoutEffect } from "./properties";

const idLength = 7;
const timeoutBounds = [50, 30_000] as const;

const functionIn = (uri: string): string | undefined =>
  /^(?:arn:aws:apigateway:[^:]*:lambda:path\/2015-03-31\/functions\/)?(arn:aws:lambda:[^:]*:\d{12}:function:[\w-]+)(?:\/invocations)?$/.exec(
    uri,
  )?.[1];

export const realiseIntegration = (apis: Apis, declared: Declared): Realised => {
  const names = ["apiId", "integrationType", "integrationUri", "integrationMethod", "payloadFormatVersion"];
  const inputs = known(declared, declared.inputs, [
    ...names,
    "timeoutMilliseconds",
    "connectionType",
    ...withoutEffect,
  ]);
  only(declared, { integrationType: "HTTP_PROXY", ...inputs }, "integrationType", "AWS_PROXY");
  only(declared, { payloadFormatVersion: "1.0", ...inputs }, "payloadFormatVersion", "2.0");
  only(declared, inputs, "connectionType", "INTERNET");
  only(declared, inputs, "integrationMethod", "POST");
  const functionArn = functionIn(String(inputs["integrationUri"]));
  if (functionArn === undefined) throw refusal(declared, "integrationUri must be the ARN of a function");
  const timeoutMs = Number(inputs["timeoutMilliseconds"] ?? timeoutBounds[1]);
  if (!(timeoutMs >= timeoutBounds[0] && timeoutMs <= timeoutBounds[1])) {
    throw refusal(declared, `timeoutMilliseconds must be from ${timeoutBounds.join(" to ")}`);
  }
  const api = apiOf(apis, declared);
  const integration: Integration = { id: idOf(idLength, api.id, "integration", declared.name), functionArn, timeoutMs };
  api.integrations.set(integration.id, integration);
  return { id: integration.id, outputs: { ...inputs, timeoutMilliseconds: timeoutMs } };
};

const identityOf = (declared: Declared, sources: readonly string[]): Authorizer["identity"] => {
  const [source = "$request.header.Authorization", another] = sources;
  const [, place, name] = /^\$request\.(header|querystring)\.([\w-]+)$/.exec(source) ?? [];
  if (!name || another !== undefined)
    throw refusal(declared, `identitySources ${sources} is not one header or parameter`);
  return place === "header" ? { in: "header", name: name.toLowerCase() } : { in: "query", name };
};

/** As API Gateway does, asks the issuer for its keys before it makes an authoriser of it. */
export const realiseAuthorizer = async (
  apis: Apis,
  declared: Declared,
  { fetchDocument, now }: { fetchDocument: FetchDocument; now: () => number },
): Promise<Realised> => {
  const names = ["apiId", "name", "authorizerType", "identitySources", "jwtConfiguration", ...withoutEffect];
  const inputs = known(declared, declared.inputs, names);
  only(declared, inputs, "authorizerType", "JWT");
  const jwt = known(declared, inputs["jwtConfiguration"], ["issuer", "audiences"], "jwtConfiguration.");
  const issuer = new Issuer(String(jwt["issuer"]), fetchDocument, now);
  await issuer.introduce().catch((error: Error) => {
    throw refusal(declared, `BadRequestException: ${error.message}`);
  });
  const api = apiOf(apis, declared);
  const authorizer: Authorizer = {
    id: idOf(idLength, api.id, "authorizer", declared.name),
    name: String(inputs["name"] ?? declared.name),
    identity: identityOf(declared, texts(inputs["identitySources"])),
    issuer,
    audiences: texts(jwt["audiences"]),
  };
  api.authorizers.set(authorizer.id, authorizer);
  return { id: authorizer.id, outputs: inputs };
};

export const realiseRoute = (apis: Apis, declared: Declared): Realised => {
  const names = ["apiId", "routeKey", "target", "authorizationType", "authorizerId", "authorizationScopes"];
  const inputs = known(declared, declared.inputs, [...names, "operationName", ...withoutEffect]);
  const api = apiOf(apis, declared);
  const key = String(inputs["routeKey"]);
  const pattern = readRouteKey(key);
  if (!pattern && key !== "$default") throw refusal(declared, `${key} is not a key of a route`);
  if (api.routes.some((route) => route.key === key)) {
    throw refusal(declared, `ConflictException: Route with key ${key} already exists for this API`);
  }
  const integration = api.integrations.get(String(inputs["target"]).replace(/^integrations\//, ""));
  if (!integration) throw refusal(declared, `target ${inputs["target"]} is no integration of the API`);
  const type = inputs["authorizationType"] ?? "NONE";
  if (type !== "NONE" && type !== "JWT") only(declared, inputs, "authorizationType", "JWT");
  const authorizer = type === "JWT" ? api.authorizers.get(String(inputs["authorizerId"])) : undefined;
  if (type === "JWT" && !authorizer) throw refusal(declared, `${inputs["authorizerId"]} is no authoriser of the API`);
  const id = idOf(idLength, api.id, "route", key);
  api.routes.push({ id, key, pattern, integration, authorizer, scopes: texts(inputs["authorizationScopes"]) });
  return { id, outputs: { ...inputs, authorizationType: type } };
};
