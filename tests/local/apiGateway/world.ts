import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApiGateway, createApiGateway } from "../../../local/apiGateway/service";
import type { MetricDatum } from "../../../local/cloudWatch/metricData";
import { createLambda, type Lambda } from "../../../local/lambda/service";
import { startTestCloud, type TestCloud } from "../cloud";
import { testQueue } from "../lambda/queue";
import { aFunction, functionType, permissionType } from "../lambda/serviceWorld";
import { startIssuer, type TestIssuer } from "./issuer";

export interface World extends TestCloud {
  apiGateway: ApiGateway;
  lambda: Lambda;
  issuer: TestIssuer;
  logs: { group: string; stream: string; message: string }[];
  metrics: MetricDatum[];
  api: { id: string; endpoint: string; executionArn: string };
  /** A function, an integration with it, and the permission to call it. */
  integrate: (name: string, handler: string, overrides?: Record<string, unknown>) => Promise<string>;
  route: (routeKey: string, integrationId: string, more?: Record<string, unknown>) => Promise<void>;
  /** Makes an authoriser of the issuer; answers its id. */
  authorizer: (overrides?: Record<string, unknown>) => Promise<string>;
  stage: (overrides?: Record<string, unknown>) => Promise<void>;
  call: (path: string, init?: RequestInit) => Promise<Response>;
}

export const typeOf = (name: string): string =>
  `aws:apigatewayv2/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;

export const echo = "async (event) => event";

/** A cloud with one API, functions, and an issuer of tokens beside it. */
export const startWorld = async (api: Record<string, unknown> = {}): Promise<World> => {
  const workDir = await mkdtemp(join(tmpdir(), "api-"));
  const made: Pick<World, "logs" | "metrics"> = { logs: [], metrics: [] };
  const parts: { lambda?: Lambda; apiGateway?: ApiGateway } = {};
  const world = await startTestCloud((cloud) => {
    parts.lambda = createLambda(cloud, {
      workDir,
      source: testQueue(cloud).source,
      onLog: () => undefined,
      onMetric: () => undefined,
    });
    parts.apiGateway = createApiGateway(cloud, {
      invoke: parts.lambda.invoke,
      onLog: (group, stream, { message }) => made.logs.push({ group, stream, message }),
      onMetric: (datum) => made.metrics.push(datum),
    });
    return [parts.lambda, parts.apiGateway];
  });
  const { lambda, apiGateway } = parts;
  if (!lambda || !apiGateway) throw new Error("the cloud was not made");
  const issuer = await startIssuer(() => world.cloud.clock.now());
  const { id, outputs } = await world.declare(typeOf("Api"), "ledger", {
    name: "ledger",
    protocolType: "HTTP",
    ...api,
  });
  const apiId = String(id);
  const endpoint = String(outputs["apiEndpoint"]);
  const executionArn = String(outputs["executionArn"]);
  return {
    ...world,
    ...made,
    lambda,
    apiGateway,
    issuer,
    api: { id: apiId, endpoint, executionArn },
    integrate: async (name, handler, overrides = {}) => {
      const { outputs: fn } = await world.declare(functionType, name, aFunction(name, handler));
      await world.declare(permissionType, name, {
        function: name,
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        sourceArn: `${executionArn}/*/*`,
      });
      const { id: integrationId } = await world.declare(typeOf("Integration"), name, {
        apiId,
        integrationType: "AWS_PROXY",
        integrationUri: fn["arn"],
        payloadFormatVersion: "2.0",
        ...overrides,
      });
      return String(integrationId);
    },
    route: async (routeKey, integrationId, more = {}) => {
      await world.declare(typeOf("Route"), routeKey, {
        apiId,
        routeKey,
        target: `integrations/${integrationId}`,
        ...more,
      });
    },
    authorizer: async (overrides = {}) => {
      const { id: authorizerId } = await world.declare(typeOf("Authorizer"), "tokens", {
        apiId,
        authorizerType: "JWT",
        identitySources: ["$request.header.Authorization"],
        jwtConfiguration: { issuer: issuer.url, audiences: ["ledger", "other"] },
        ...overrides,
      });
      return String(authorizerId);
    },
    stage: async (overrides = {}) => {
      await world.declare(typeOf("Stage"), "stage", { apiId, name: "$default", autoDeploy: true, ...overrides });
    },
    call: (path, init) => fetch(`${endpoint}${path}`, init),
    close: async () => {
      await issuer.close();
      await world.close();
      await rm(workDir, { recursive: true, force: true });
    },
  };
};
