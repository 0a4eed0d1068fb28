import { randomBytes } from "node:crypto";
import type { Cloud } from "../cloud/cloud";
import type { Service, Site } from "../cloud/service";
import { restJson } from "../gateway/restJson";
import { Refusal } from "./answer/refusal";
import { type Api, apiPath, endpointOf, type Stage } from "./api";
import { type Apis, realiseApi } from "./declared/apis";
import { realiseAuthorizer, realiseIntegration, realiseRoute } from "./declared/routes";
import { realiseStage } from "./declared/stages";
import { readOperations, routes } from "./operations";
import { createServe, type Surroundings } from "./serve";
import { documentFetcher } from "./tokens/fetchDocument";

export interface ApiGateway extends Service {
  apis: () => { name: string; endpoint: string; routes: { key: string; functionArn: string; open: boolean }[] }[];
}

interface Dependencies extends Surroundings {
  /** What is served on this machine over TLS shows it. @default nothing is */
  trusted?: () => Promise<{ pem: string }>;
}

/** A stage of its own name stands before the path; what none is called belongs to `$default`. */
const stageFor = ({ stages }: Api, path: string): { stage: Stage; path: string } | undefined => {
  const [, first = "", ...rest] = path.split("/");
  const named = stages.get(decodeURIComponent(first));
  if (named && named.name !== "$default") return { stage: named, path: `/${rest.join("/")}` };
  const stage = stages.get("$default");
  return stage && { stage, path };
};

/** As theirs look: sixteen characters, the last of which fills up. */
const newRequestId = (): string => randomBytes(11).toString("base64");

/** API Gateway: functions behind HTTP, each API under an address of its own on the gateway. */
export const createApiGateway = (cloud: Cloud, { trusted, ...surroundings }: Dependencies): ApiGateway => {
  const apis: Apis = new Map();
  const serve = createServe(cloud, surroundings);
  const fetchDocument = documentFetcher({ ...(trusted && { trusted }), outside: cloud.outside });
  const now = () => cloud.clock.now();

  const answer: Site["answer"] = (http) => {
    const asked = apiPath(http.path);
    if (!asked) return undefined;
    const api = apis.get(asked.id);
    const found = api && stageFor(api, asked.path);
    if (!api || !found) return Promise.resolve(new Refusal(404).answer());
    return serve({
      api,
      ...found,
      http,
      requestId: newRequestId(),
      traceId:
        http.headers["x-amzn-trace-id"] ??
        `Root=1-${Math.floor(now() / 1_000).toString(16)}-${randomBytes(12).toString("hex")}`,
      at: now(),
    });
  };

  return {
    signingName: "apigateway",
    protocol: restJson(routes),
    operations: readOperations(cloud, apis),
    site: { answer },
    resources: {
      "aws:apigatewayv2/api:Api": (declared) => realiseApi(cloud, apis, declared),
      "aws:apigatewayv2/authorizer:Authorizer": (declared) => realiseAuthorizer(apis, declared, { fetchDocument, now }),
      "aws:apigatewayv2/integration:Integration": (declared) => realiseIntegration(apis, declared),
      "aws:apigatewayv2/route:Route": (declared) => realiseRoute(apis, declared),
      "aws:apigatewayv2/stage:Stage": (declared) => realiseStage(cloud, apis, declared),
    },
    apis: () =>
      [...apis.values()].map((api) => ({
        name: api.name,
        endpoint: endpointOf(cloud.endpoint, api),
        routes: api.routes.map(({ key, integration, authorizer }) => ({
          key,
          functionArn: integration.functionArn,
          open: authorizer === undefined,
        })),
      })),
    reset: () => undefined,
    close: () => undefined,
  };
};
