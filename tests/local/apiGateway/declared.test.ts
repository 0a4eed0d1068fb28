import { expect } from "chai";
import { startWorld, typeOf, type World } from "./world";

describe("declared HTTP APIs", () => {
  let world: World;
  let integration: string;
  before(async () => {
    world = await startWorld();
    integration = await world.integrate("fn", "async () => 1");
  });
  after(() => world.close());

  const refusal = (type: string, inputs: object): Promise<string> =>
    world.declare(typeOf(type), "odd", { apiId: world.api.id, ...inputs }).then(
      () => "made",
      (error: Error) => error.message,
    );

  it("have the same address at every start", async () => {
    const other = await startWorld();
    expect(other.api.id)
      .to.equal(world.api.id)
      .and.to.match(/^[a-z0-9]{10}$/);
    expect(world.api.executionArn).to.equal(`arn:aws:execute-api:us-east-1:123456789012:${world.api.id}`);
    expect(world.api.endpoint).to.equal(`${world.gateway.url}/_api/${world.api.id}`);
    await other.close();
  });

  it("are refused by name where something of them is not supported", async () => {
    const aws = {
      integrationType: "AWS_PROXY",
      payloadFormatVersion: "2.0",
      integrationUri: "arn:aws:lambda:us-east-1:123456789012:function:fn",
    };
    const stage = { name: "$default", autoDeploy: true };
    const log = (format: string) => ({
      ...stage,
      accessLogSettings: { destinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:g", format },
    });
    const cases: [type: string, inputs: object, said: string][] = [
      ["Api", { apiId: undefined, protocolType: "WEBSOCKET" }, 'protocolType "WEBSOCKET"'],
      ["Api", { apiId: undefined, protocolType: "HTTP", body: "{}" }, "property body"],
      ["Integration", { ...aws, integrationType: "HTTP_PROXY" }, 'integrationType "HTTP_PROXY"'],
      ["Integration", { ...aws, payloadFormatVersion: "1.0" }, 'payloadFormatVersion "1.0"'],
      ["Integration", { ...aws, integrationUri: "https://example.com" }, "the ARN of a function"],
      ["Integration", { ...aws, timeoutMilliseconds: 30_001 }, "timeoutMilliseconds must be from 50 to 30000"],
      ["Integration", { ...aws, connectionType: "VPC_LINK" }, 'connectionType "VPC_LINK"'],
      ["Integration", { ...aws, apiId: "gone" }, "there is no API gone"],
      ["Route", { routeKey: "GET accounts", target: `integrations/${integration}` }, "GET accounts is not a key"],
      ["Route", { routeKey: "GET /a", target: "integrations/gone" }, "target integrations/gone"],
      ["Route", { routeKey: "GET /a", target: `integrations/${integration}`, authorizationType: "AWS_IAM" }, "AWS_IAM"],
      [
        "Route",
        { routeKey: "GET /a", target: `integrations/${integration}`, authorizationType: "JWT" },
        "no authoriser",
      ],
      ["Authorizer", { authorizerType: "REQUEST" }, 'authorizerType "REQUEST"'],
      ["Stage", { name: "$default" }, "autoDeploy false"],
      ["Stage", log("$context.requestId $context.tlsVersion"), "$context.tlsVersion"],
      ["Stage", log("$context.status"), "must include $context.requestId"],
      ["Stage", { ...stage, deploymentId: "x" }, "property deploymentId"],
      ["Stage", { ...stage, accessLogSettings: { destinationArn: "arn:aws:firehose:x", format: "x" } }, "a log group"],
    ];
    for (const [type, inputs, said] of cases) expect(await refusal(type, inputs), said).to.include(said);
    const sources = { authorizerType: "JWT", jwtConfiguration: { issuer: world.issuer.url, audiences: ["a"] } };
    expect(await refusal("Authorizer", { ...sources, identitySources: ["$request.body.token"] })).to.include(
      "identitySources",
    );
    await world.route("GET /twice", integration);
    expect(await refusal("Route", { routeKey: "GET /twice", target: `integrations/${integration}` })).to.include(
      "Route with key GET /twice already exists for this API",
    );
  });

  it("answer nothing before they have a stage", async () => {
    expect((await world.call("/twice")).status).to.equal(404);
    await world.stage({
      routeSettings: [{ routeKey: "GET /twice", throttlingBurstLimit: 1, throttlingRateLimit: 0.001 }],
    });
    expect((await world.call("/twice")).status).to.equal(200);
    expect((await world.call("/twice")).status).to.equal(429);
  });

  it("tell what they are made of", () => {
    expect(world.apiGateway.apis()).to.deep.equal([
      {
        name: "ledger",
        endpoint: world.api.endpoint,
        routes: [{ key: "GET /twice", functionArn: "arn:aws:lambda:us-east-1:123456789012:function:fn", open: true }],
      },
    ]);
  });
});
