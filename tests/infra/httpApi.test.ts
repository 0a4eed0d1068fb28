import { expect } from "chai";
import type { ProgramRun, Resource } from "../../local/engine/program";
import { ofType, prerequisites, programOf, recordProgram } from "./program";
import type { Recording } from "./record";

const apiType = (name: string) => `aws:apigatewayv2/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;

const run = (settings: Recording["settings"] = {}): Promise<ProgramRun> =>
  programOf({ stack: "dev", program: "httpApi", settings });

const the = (resources: Resource[]): Resource => {
  expect(resources).to.have.length(1);
  return resources[0] as Resource;
};

const own = {
  "signal9:jwtIssuer": "https://id.example.com/realms/ledger",
  "signal9:jwtAudience": '["ledger"]',
};

describe("an HTTP API", () => {
  it("takes a token for every route but those that are declared public", async () => {
    const recorded = await run(own);
    const authorizer = the(ofType(recorded, apiType("Authorizer")));
    const routes = ofType(recorded, apiType("Route")).map(({ inputs }) => [
      inputs["routeKey"],
      inputs["authorizationType"],
      inputs["authorizerId"],
    ]);
    expect(routes).to.have.deep.members([
      ["GET /accounts", "JWT", authorizer.id],
      ["PATCH /accounts/{accountId}", "JWT", authorizer.id],
      ["GET /health", "NONE", undefined],
    ]);
  });

  it("believes the issuer that the stack names, for its audience, and then makes no pool", async () => {
    const recorded = await run(own);
    expect(the(ofType(recorded, apiType("Authorizer"))).inputs).to.deep.include({
      authorizerType: "JWT",
      identitySources: ["$request.header.Authorization"],
      jwtConfiguration: { issuer: "https://id.example.com/realms/ledger", audiences: ["ledger"] },
    });
    expect(recorded.resources.filter(({ type }) => type.startsWith("aws:cognito"))).to.deep.equal([]);
  });

  it("makes a user pool where none is named, and asks it for keys only once it is complete", async () => {
    const recorded = await run();
    const pool = the(ofType(recorded, "aws:cognito/userPool:UserPool"));
    const client = the(ofType(recorded, "aws:cognito/userPoolClient:UserPoolClient"));
    const authorizer = the(ofType(recorded, apiType("Authorizer")));
    expect(authorizer.inputs["jwtConfiguration"]).to.deep.equal({
      issuer: "https://cognito-idp.us-east-1.amazonaws.com/signal9-dev-users",
      audiences: [client.id],
    });
    expect(prerequisites(recorded, authorizer)).to.include.keys(pool.urn, client.urn);
  });

  for (const [stack, protect] of [
    ["dev", false],
    ["prod", true],
  ] as const) {
    it(`makes a pool of ${stack} that nobody signs up to, with long passwords and short tokens`, async () => {
      const recorded = await programOf({ stack, program: "httpApi" });
      const pool = the(ofType(recorded, "aws:cognito/userPool:UserPool"));
      const client = the(ofType(recorded, "aws:cognito/userPoolClient:UserPoolClient"));
      expect(pool.protect).to.equal(protect);
      expect(pool.inputs).to.deep.equal({
        name: `signal9-${stack}-users`,
        adminCreateUserConfig: { allowAdminCreateUserOnly: true },
        accountRecoverySetting: { recoveryMechanisms: [{ name: "admin_only", priority: 1 }] },
        usernameConfiguration: { caseSensitive: false },
        passwordPolicy: {
          minimumLength: 12,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: false,
          temporaryPasswordValidityDays: 3,
        },
        deletionProtection: protect ? "ACTIVE" : "INACTIVE",
      });
      expect(client.inputs).to.deep.equal({
        name: `signal9-${stack}-users`,
        userPoolId: pool.id,
        generateSecret: false,
        explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        preventUserExistenceErrors: "ENABLED",
        enableTokenRevocation: true,
        accessTokenValidity: 60,
        idTokenValidity: 60,
        refreshTokenValidity: 30,
        tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
      });
    });
  }

  it("hands each route to its function, which may be called for that route alone", async () => {
    const recorded = await run();
    const api = the(ofType(recorded, apiType("Api")));
    const integrations = ofType(recorded, apiType("Integration"));
    expect(integrations.map(({ inputs }) => inputs["integrationUri"])).to.have.members([
      "arn:aws:lambda:us-east-1:123456789012:function:signal9-dev-accounts",
      "arn:aws:lambda:us-east-1:123456789012:function:signal9-dev-health",
    ]);
    for (const { inputs } of integrations) {
      expect(inputs).to.deep.include({
        apiId: api.id,
        integrationType: "AWS_PROXY",
        payloadFormatVersion: "2.0",
        timeoutMilliseconds: 30_000,
      });
    }
    const permissions = ofType(recorded, "aws:lambda/permission:Permission");
    expect(
      permissions.map(({ inputs }) => [inputs["function"], inputs["principal"], inputs["sourceArn"]]),
    ).to.have.deep.members(
      [
        ["accounts", "GET/accounts"],
        ["accounts", "PATCH/accounts/{accountId}"],
        ["health", "GET/health"],
      ].map(([name, route]) => [
        `signal9-dev-${name}`,
        "apigateway.amazonaws.com",
        `arn:aws:execute-api:us-east-1:123456789012:${api.id}/*/${route}`,
      ]),
    );
    for (const route of ofType(recorded, apiType("Route"))) {
      const permission = permissions.find(({ name }) => name === route.name) as Resource;
      const integration = integrations.find(({ id }) => route.inputs["target"] === `integrations/${id}`) as Resource;
      expect(prerequisites(recorded, route), route.name).to.include.keys(permission.urn, integration.urn);
    }
  });

  it("deploys by itself once all routes are there, throttled, with a log that is kept for a while", async () => {
    const recorded = await run({ "signal9:apiRate": "7", "signal9:apiBurst": "9" });
    const stage = the(ofType(recorded, apiType("Stage")));
    expect(stage.inputs).to.deep.include({ name: "$default", autoDeploy: true });
    expect(stage.inputs["defaultRouteSettings"]).to.deep.equal({
      throttlingRateLimit: 7,
      throttlingBurstLimit: 9,
      detailedMetricsEnabled: false,
    });
    const group = the(
      ofType(recorded, "aws:cloudwatch/logGroup:LogGroup").filter(
        ({ inputs }) => inputs["name"] === "/aws/vendedlogs/apis/signal9-dev-ledger",
      ),
    );
    expect(group.inputs["retentionInDays"]).to.equal(7);
    const { destinationArn, format } = stage.inputs["accessLogSettings"] as { destinationArn: string; format: string };
    expect(destinationArn).to.equal(
      "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/apis/signal9-dev-ledger",
    );
    expect(Object.values(JSON.parse(format) as object)).not.to.include.members(["$context.path"]);
    expect(format).not.to.match(/userAgent|context\.path|authorizer\.claims\.(?!sub)/);
    const routes = ofType(recorded, apiType("Route")).map(({ urn }) => urn);
    expect(prerequisites(recorded, stage)).to.include.keys(routes);
  });

  it("refuses a function that may go on after its caller was told that nobody answers", async () => {
    const { refused } = await recordProgram({ stack: "dev", program: "httpApi/tooSlow" });
    expect(refused).to.equal("accounts must end before the 30 s that an API waits for it");
  });

  it("is watched, by metrics that API Gateway has of it: errors of ours, and slowness", async () => {
    const recorded = await run(own);
    const { id } = the(ofType(recorded, apiType("Api")));
    const alarms = ofType(recorded, "aws:cloudwatch/metricAlarm:MetricAlarm");
    const queries = (name: string) =>
      (the(alarms.filter((alarm) => alarm.name === name)).inputs["metricQueries"] as { metric?: object }[]).flatMap(
        ({ metric }) => metric ?? [],
      );
    const metric = (metricName: string, stat: string) => ({
      namespace: "AWS/ApiGateway",
      metricName,
      stat,
      period: 300,
      dimensions: { ApiId: id },
    });
    expect(queries("ledger-errors")).to.deep.equal([metric("Count", "Sum"), metric("5xx", "Sum")]);
    expect(queries("ledger-latency")).to.deep.equal([metric("Latency", "p99")]);
    expect(alarms.map(({ name }) => name)).to.include.members(["accounts-duration", "health-denied"]);
    expect(recorded.outputs).to.deep.equal({
      contract: {
        endpoint: "https://signal9-dev-ledger.execute-api.us-east-1.amazonaws.com",
        issuer: "https://id.example.com/realms/ledger",
        audience: ["ledger"],
      },
    });
  });

  it("answers pages of other sites only where the stack names them", async () => {
    expect(the(ofType(await run(), apiType("Api"))).inputs).not.to.have.property("corsConfiguration");
    const shared = the(ofType(await run({ "signal9:corsOrigins": '["https://ledger.example.com"]' }), apiType("Api")));
    expect(shared.inputs["corsConfiguration"]).to.deep.include({
      allowOrigins: ["https://ledger.example.com"],
      allowMethods: ["GET", "PATCH"],
    });
  });

  it("refuses an issuer without an audience, and an issuer that could be overheard", async () => {
    const refusal = async (settings: Recording["settings"]) =>
      (await recordProgram({ stack: "dev", program: "httpApi", settings: settings ?? {} })).refused;
    expect(await refusal({ "signal9:jwtIssuer": "https://id.example.com" })).to.include(
      "signal9:jwtIssuer and signal9:jwtAudience must be set together",
    );
    expect(await refusal({ "signal9:jwtIssuer": "http://id.example.com", "signal9:jwtAudience": '["a"]' })).to.include(
      "signal9:jwtIssuer must be an address such as https://id.example.com/, or empty",
    );
  });
});
