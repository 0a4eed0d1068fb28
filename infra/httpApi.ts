import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Lambda } from "./lambda";
import { physicalName } from "./naming";
import type { Settings } from "./settings";
import type { TokenIssuer } from "./userPool";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A method and a path, whose variables stand in braces: `GET /accounts/{accountId}`. */
export type RouteKey = `${Method} /${string}`;

export interface HttpRoute {
  route: RouteKey;
  /** Answers it; one function may answer any number of routes. */
  lambda: Lambda;
  /** Also for those who show no token. @default false */
  public?: boolean;
}

export interface HttpApiArgs {
  description: string;
  routes: readonly HttpRoute[];
  tokens: TokenIssuer;
}

/** API Gateway waits no longer for a function, and tells its caller that the service is unavailable. */
const longestTimeoutSeconds = 30;
const preflightSeconds = 3_600;

/** What browsers of other sites may send along and look at, beside what they always may. */
export const corsRequestHeaders = ["authorization", "content-type", "idempotency-key", "if-match", "x-correlation-id"];
export const corsResponseHeaders = ["etag", "location", "retry-after", "x-correlation-id"];

/**
 * A line of the access log. Neither path nor query nor what the client says of itself: they are the client's own words.
 * Every value is quoted, since for one that is not there stands a dash.
 */
const logFormat = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTimeEpoch",
  method: "$context.httpMethod",
  route: "$context.routeKey",
  status: "$context.status",
  user: "$context.authorizer.claims.sub",
  ip: "$context.identity.sourceIp",
  bytes: "$context.responseLength",
  latencyMs: "$context.responseLatency",
  functionLatencyMs: "$context.integrationLatency",
  functionStatus: "$context.integrationStatus",
  tokenError: "$context.authorizer.error",
  functionError: "$context.integrationErrorMessage",
  error: "$context.error.responseType",
});

/** `GET /accounts/{accountId}` → `get-accounts-accountId` */
const slugOf = (route: RouteKey): string => {
  const [method = "", path = ""] = route.split(" ");
  return [method.toLowerCase(), ...path.split("/")]
    .map((part) => part.replace(/\W/g, ""))
    .filter(Boolean)
    .join("-");
};

/** Functions behind HTTPS: routes, who may call them, how often, and a log of who did. */
export class HttpApi extends pulumi.ComponentResource {
  readonly resource: aws.apigatewayv2.Api;
  readonly endpoint: pulumi.Output<string>;
  /** What a client has to know: where it is, and whose tokens it believes. */
  readonly contract: pulumi.Output<{ endpoint: string; issuer: string; audience: string[] }>;
  readonly lambdas: readonly Lambda[];

  constructor(
    readonly label: string,
    readonly args: HttpApiArgs,
    settings: Settings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:HttpApi", label, {}, opts);
    this.lambdas = [...new Set(args.routes.map(({ lambda }) => lambda))];
    this.resource = this.createApi(settings);
    this.endpoint = this.resource.apiEndpoint;
    const { issuer, audience } = args.tokens;
    this.contract = pulumi.output({ endpoint: this.endpoint, issuer, audience });
    const authorizer = this.createAuthorizer();
    const integrations = new Map(this.lambdas.map((lambda) => [lambda, this.createIntegration(lambda)]));
    const routes = args.routes.flatMap((route) => {
      const integration = integrations.get(route.lambda);
      return integration ? [this.createRoute(route, integration, authorizer)] : [];
    });
    this.createStage(settings, routes);
    this.registerOutputs({ endpoint: this.endpoint });
  }

  private createApi({ corsOrigins }: Settings): aws.apigatewayv2.Api {
    return new aws.apigatewayv2.Api(
      this.label,
      {
        name: physicalName(this.label),
        description: this.args.description,
        protocolType: "HTTP",
        ...(corsOrigins.length > 0 && {
          corsConfiguration: {
            allowOrigins: corsOrigins,
            allowMethods: [...new Set(this.args.routes.map(({ route }) => route.split(" ")[0] ?? ""))].sort(),
            allowHeaders: corsRequestHeaders,
            exposeHeaders: corsResponseHeaders,
            maxAge: preflightSeconds,
          },
        }),
      },
      { parent: this },
    );
  }

  /** API Gateway asks the issuer for its keys at once: it has to be there. */
  private createAuthorizer(): aws.apigatewayv2.Authorizer {
    const { issuer, audience } = this.args.tokens;
    return new aws.apigatewayv2.Authorizer(
      this.label,
      {
        apiId: this.resource.id,
        name: physicalName(this.label),
        authorizerType: "JWT",
        identitySources: ["$request.header.Authorization"],
        jwtConfiguration: { issuer, audiences: audience },
      },
      { parent: this },
    );
  }

  private createIntegration(lambda: Lambda): aws.apigatewayv2.Integration {
    if (lambda.args.timeout >= longestTimeoutSeconds) {
      throw new pulumi.RunError(
        `${lambda.label} must end before the ${longestTimeoutSeconds} s that an API waits for it`,
      );
    }
    return new aws.apigatewayv2.Integration(
      `${this.label}-${lambda.label}`,
      {
        apiId: this.resource.id,
        integrationType: "AWS_PROXY",
        integrationUri: lambda.function.arn,
        payloadFormatVersion: "2.0",
        timeoutMilliseconds: longestTimeoutSeconds * 1_000,
      },
      { parent: this },
    );
  }

  private createRoute(
    { route, lambda, public: open = false }: HttpRoute,
    integration: aws.apigatewayv2.Integration,
    authorizer: aws.apigatewayv2.Authorizer,
  ): aws.apigatewayv2.Route {
    const name = `${this.label}-${slugOf(route)}`;
    const [method, path] = route.split(" ");
    const permission = new aws.lambda.Permission(
      name,
      {
        function: lambda.function.name,
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${this.resource.executionArn}/*/${method}${path}`,
      },
      { parent: this },
    );
    return new aws.apigatewayv2.Route(
      name,
      {
        apiId: this.resource.id,
        routeKey: route,
        target: pulumi.interpolate`integrations/${integration.id}`,
        ...(open ? { authorizationType: "NONE" } : { authorizationType: "JWT", authorizerId: authorizer.id }),
      },
      { parent: this, dependsOn: [permission] },
    );
  }

  private createStage(settings: Settings, routes: readonly aws.apigatewayv2.Route[]): void {
    // Under this prefix the delivery of logs needs no entry of its own in the account's one log policy.
    const logGroup = new aws.cloudwatch.LogGroup(
      this.label,
      { name: `/aws/vendedlogs/apis/${physicalName(this.label)}`, retentionInDays: settings.logRetentionDays },
      { parent: this },
    );
    new aws.apigatewayv2.Stage(
      this.label,
      {
        apiId: this.resource.id,
        name: "$default",
        autoDeploy: true,
        accessLogSettings: { destinationArn: logGroup.arn, format: logFormat },
        defaultRouteSettings: {
          throttlingRateLimit: settings.apiRate,
          throttlingBurstLimit: settings.apiBurst,
          detailedMetricsEnabled: false,
        },
      },
      // Its first deployment has them all.
      { parent: this, dependsOn: [...routes] },
    );
  }
}
