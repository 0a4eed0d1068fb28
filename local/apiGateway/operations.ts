import { AwsError } from "../cloud/awsError";
import { type Access, type Cloud, region } from "../cloud/cloud";
import { takingOnly } from "../cloud/parameters";
import type { Operation } from "../cloud/service";
import type { RestInput } from "../gateway/restJson";
import { type Api, endpointOf, type Route, type Stage } from "./api";
import type { Apis } from "./declared/apis";

/** What the API of API Gateway is asked for here; all that changes something is declared by the program. */
export const routes = {
  GetApis: "GET /v2/apis",
  GetApi: "GET /v2/apis/{apiId}",
  GetAuthorizers: "GET /v2/apis/{apiId}/authorizers",
  GetIntegrations: "GET /v2/apis/{apiId}/integrations",
  GetRoutes: "GET /v2/apis/{apiId}/routes",
  GetStages: "GET /v2/apis/{apiId}/stages",
  // These have no operation behind them: they are here to be refused by their names.
  CreateApi: "POST /v2/apis",
  ImportApi: "PUT /v2/apis",
  UpdateApi: "PATCH /v2/apis/{apiId}",
  DeleteApi: "DELETE /v2/apis/{apiId}",
  CreateAuthorizer: "POST /v2/apis/{apiId}/authorizers",
  CreateIntegration: "POST /v2/apis/{apiId}/integrations",
  CreateRoute: "POST /v2/apis/{apiId}/routes",
  CreateStage: "POST /v2/apis/{apiId}/stages",
  CreateDeployment: "POST /v2/apis/{apiId}/deployments",
} as const;

const access = ({ path: { apiId } }: RestInput, below = ""): Access => ({
  action: "apigateway:GET",
  resource: `arn:aws:apigateway:${region}::/apis${apiId === undefined ? "" : `/${apiId}`}${below}`,
});

const describeRoute = ({ id, key, integration, authorizer, scopes }: Route) => ({
  apiKeyRequired: false,
  authorizationType: authorizer ? "JWT" : "NONE",
  ...(authorizer && { authorizerId: authorizer.id }),
  ...(scopes.length > 0 && { authorizationScopes: scopes }),
  routeId: id,
  routeKey: key,
  target: `integrations/${integration.id}`,
});

const describeStage = ({ name, log, settings, variables }: Stage) => ({
  stageName: name,
  autoDeploy: true,
  ...(log && { accessLogSettings: { destinationArn: log.group, format: log.format } }),
  ...settings,
  stageVariables: variables ?? {},
});

const describeAuthorizers = ({ authorizers }: Api) =>
  [...authorizers.values()].map(({ id, name, identity, issuer, audiences }) => ({
    authorizerId: id,
    authorizerType: "JWT",
    name,
    identitySource: [`$request.${identity.in === "header" ? "header" : "querystring"}.${identity.name}`],
    jwtConfiguration: { audience: audiences, issuer: issuer.url },
  }));

const describeIntegrations = ({ integrations }: Api) =>
  [...integrations.values()].map(({ id, functionArn, timeoutMs }) => ({
    integrationId: id,
    integrationType: "AWS_PROXY",
    integrationUri: functionArn,
    payloadFormatVersion: "2.0",
    timeoutInMillis: timeoutMs,
  }));

export const readOperations = (cloud: Cloud, apis: Apis): Record<string, Operation> => {
  const find = ({ path: { apiId = "" } }: RestInput): Api => {
    const api = apis.get(apiId);
    if (!api) throw new AwsError("NotFoundException", `Invalid API identifier specified ${apiId}`, 404);
    return api;
  };
  const describe = (api: Api) => ({
    apiEndpoint: endpointOf(cloud.endpoint, api),
    apiId: api.id,
    createdDate: new Date(api.createdAt).toISOString(),
    ...(api.description !== undefined && { description: api.description }),
    disableExecuteApiEndpoint: false,
    name: api.name,
    protocolType: "HTTP",
    routeSelectionExpression: "$request.method $request.path",
  });
  const lists = (below: string, list: (api: Api) => unknown[]): Operation => ({
    access: (input: RestInput) => access(input, below),
    run: (input: RestInput) => ({ items: list(find(input)) }),
  });
  return takingOnly(
    "apigateway",
    {},
    {
      GetApis: {
        access: (input: RestInput) => access(input),
        run: () => ({ items: [...apis.values()].map(describe) }),
      },
      GetApi: { access: (input: RestInput) => access(input), run: (input: RestInput) => describe(find(input)) },
      GetAuthorizers: lists("/authorizers", describeAuthorizers),
      GetIntegrations: lists("/integrations", describeIntegrations),
      GetRoutes: lists("/routes", (api) => api.routes.map(describeRoute)),
      GetStages: lists("/stages", (api) => [...api.stages.values()].map(describeStage)),
    },
    ({ query }: RestInput) => query.keys(),
  );
};
