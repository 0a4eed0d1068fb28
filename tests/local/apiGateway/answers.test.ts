import {
  ApiGatewayV2Client,
  CreateApiCommand,
  GetApisCommand,
  GetRoutesCommand,
  GetStagesCommand,
} from "@aws-sdk/client-apigatewayv2";
import { expect } from "chai";
import { echo, startWorld, typeOf, type World } from "./world";

const refusalOf = async (answer: Response) => [answer.status, await answer.json()];

describe("what a caller of an HTTP API gets", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
    const returns = async (name: string, returned: string) =>
      world.route(`GET /${name}`, await world.integrate(name, `async (event) => (${returned})`));
    await returns("inferred", '{ message: "hello" }');
    await returns("text", '"hello"');
    await returns(
      "full",
      '{ statusCode: 201, headers: { "Content-Type": "text/csv", etag: 7, Connection: "close" }, cookies: ["a=1; Secure", "b=2"], body: "a;b" }',
    );
    await returns(
      "binary",
      '{ statusCode: 200, headers: { "content-type": "image/png" }, body: "AP+A", isBase64Encoded: true }',
    );
    await returns("bare", '{ statusCode: "204" }');
    await returns("odd", '{ statusCode: "many" }');
    await returns("object", "{ statusCode: 200, body: { a: 1 } }");
    await returns("broken", '(() => { throw new Error("secret detail"); })()');
    await returns("large", '"x".repeat(7 * 1024 * 1024)');
    const slow = "async () => new Promise((done) => setTimeout(done, 5000))";
    await world.route("GET /slow", await world.integrate("slow", slow, { timeoutMilliseconds: 100 }));
    await world.route("POST /echo", await world.integrate("echo", echo));
    await world.stage({
      accessLogSettings: {
        destinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/apis/ledger",
        format:
          '{"id":"$context.requestId","route":"$context.routeKey","status":"$context.status","sub":"$context.authorizer.claims.sub","why":"$context.integrationErrorMessage","type":"$context.error.responseType","waited":"$context.integrationLatency"}',
      },
    });
  });
  after(() => world.close());

  it("is what the function returned, as it is or as it says", async () => {
    const inferred = await world.call("/inferred");
    expect([inferred.status, inferred.headers.get("content-type"), await inferred.text()]).to.deep.equal([
      200,
      "application/json",
      '{"message":"hello"}',
    ]);
    expect(await (await world.call("/text")).text()).to.equal("hello");
    const full = await world.call("/full");
    expect(full.status).to.equal(201);
    expect(full.headers.get("content-type")).to.equal("text/csv");
    expect(full.headers.get("etag")).to.equal("7");
    expect(full.headers.getSetCookie()).to.deep.equal(["a=1; Secure", "b=2"]);
    expect(full.headers.get("apigw-requestid")).to.match(/^[\w+/]{15}=$/);
    expect(await full.text()).to.equal("a;b");
    expect([...new Uint8Array(await (await world.call("/binary")).arrayBuffer())]).to.deep.equal([0, 255, 128]);
    const bare = await world.call("/bare");
    expect([bare.status, await bare.text()]).to.deep.equal([204, ""]);
  });

  it("is AWS's word for what went wrong, and nothing of the function's", async () => {
    const failed = [500, { message: "Internal Server Error" }];
    for (const path of ["/odd", "/object", "/broken", "/large"])
      expect(await refusalOf(await world.call(path)), path).to.deep.equal(failed);
    expect(await refusalOf(await world.call("/nowhere"))).to.deep.equal([404, { message: "Not Found" }]);
    expect(await refusalOf(await fetch(`${world.gateway.url}/_api/unknown/x`))).to.deep.equal([
      404,
      { message: "Not Found" },
    ]);
    expect(await refusalOf(await world.call("/slow"))).to.deep.equal([503, { message: "Service Unavailable" }]);
  });

  it("is a refusal of what is too large", async () => {
    const body = Buffer.alloc(10 * 1_024 * 1_024 + 1);
    expect(await refusalOf(await world.call("/echo", { method: "POST", body }))).to.deep.equal([
      413,
      { message: "Request Entity Too Large" },
    ]);
    // It fits the API, but not the function.
    const text = { method: "POST", body: "x".repeat(7 * 1_024 * 1_024), headers: { "content-type": "text/plain" } };
    expect((await world.call("/echo", text)).status).to.equal(500);
    const head = await world.call("/inferred", { headers: { "x-long": "x".repeat(10_240) } });
    expect(await refusalOf(head)).to.deep.equal([431, { message: "Request Header Fields Too Large" }]);
  });

  it("is noted in the access log, and counted", async () => {
    world.logs.length = 0;
    world.metrics.length = 0;
    const good = await world.call("/inferred");
    await world.call("/broken");
    await world.call("/nowhere");
    expect(world.logs.map(({ group, stream }) => [group, stream])).to.deep.equal(
      Array(3).fill(["/aws/vendedlogs/apis/ledger", `${world.api.id}/$default`]),
    );
    const [first, second, third] = world.logs.map(({ message }) => JSON.parse(message) as Record<string, string>);
    expect(first).to.deep.include({
      id: good.headers.get("apigw-requestid"),
      route: "GET /inferred",
      status: "200",
      sub: "-",
      why: "-",
      type: "-",
    });
    expect(Number(first?.["waited"])).to.be.at.least(0);
    expect(second).to.deep.include({ status: "500", type: "INTEGRATION_FAILURE" });
    expect(second?.["why"]).to.include("The Lambda function returned").and.not.include("secret");
    expect(third).to.deep.include({ route: "-", status: "404", type: "NOT_FOUND", waited: "-" });
    const sum = (name: string) =>
      world.metrics
        .filter((datum) => datum.name === name && Object.keys(datum.dimensions).join() === "ApiId")
        .reduce((total, { values: [value = 0] }) => total + value, 0);
    expect(["Count", "4xx", "5xx"].map(sum)).to.deep.equal([3, 1, 1]);
    expect(world.metrics.filter(({ name }) => name === "IntegrationLatency")).to.have.length(4);
    expect(world.cloud.meter.bill().lines.find(({ what }) => what === "apigateway request")?.amount).to.be.at.least(3);
  });

  it("is an error where the function may not be called, and its log says why", async () => {
    const { outputs } = await world.declare("aws:lambda/function:Function", "shut", {
      name: "shut",
      role: "arn:aws:iam::123456789012:role/worker",
      runtime: "nodejs24.x",
      handler: "__index.handler",
      memorySize: 512,
      timeout: 10,
      loggingConfig: { logFormat: "JSON", logGroup: "/test/shut", systemLogLevel: "INFO" },
      code: { "__index.js": "exports.handler = async () => 1;" },
    });
    const permit = (name: string, sourceArn: string) =>
      world.declare("aws:lambda/permission:Permission", name, {
        function: "shut",
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        sourceArn,
      });
    const { id } = await world.declare(typeOf("Integration"), "shut", {
      apiId: world.api.id,
      integrationType: "AWS_PROXY",
      integrationUri: outputs["invokeArn"],
      payloadFormatVersion: "2.0",
    });
    await world.route("GET /shut/{id}", String(id));
    expect((await world.call("/shut/1")).status).to.equal(500);
    await permit("other", `${world.api.executionArn}/*/POST/shut/{id}`);
    expect((await world.call("/shut/1")).status).to.equal(500);
    expect(JSON.parse(world.logs.at(-1)?.message ?? "").why).to.include("apigateway.amazonaws.com");
    await permit("right", `${world.api.executionArn}/*/GET/shut/{id}`);
    expect(await (await world.call("/shut/1")).text()).to.equal("1");
  });

  it("can be made to fail", async () => {
    const fault = (kind: "throttle" | "serverError" | "latency" | "lostAnswer") =>
      world.cloud.faults.inject({ kind, service: "apigateway", operation: "GET /text", times: 1, ms: 1 });
    const status = async () => (await world.call("/text")).status;
    fault("throttle");
    expect(await status()).to.equal(429);
    fault("serverError");
    expect(await status()).to.equal(500);
    fault("lostAnswer");
    expect(await status()).to.equal(500);
    const slow = fault("latency");
    expect(await status()).to.equal(200);
    expect(slow.hits()).to.equal(1);
  });

  it("can be looked at by the API of API Gateway, which changes nothing", async () => {
    const client = new ApiGatewayV2Client(world.client);
    const { Items = [] } = await client.send(new GetApisCommand({}));
    expect(Items.map(({ Name, ApiEndpoint }) => [Name, ApiEndpoint])).to.deep.equal([["ledger", world.api.endpoint]]);
    const paged = await client.send(new GetApisCommand({ MaxResults: "1" })).catch((error: Error) => error);
    expect(paged).to.have.property(
      "message",
      "The embedded cloud does not support the parameter maxResults of apigateway:GetApis.",
    );
    const routes = await client.send(new GetRoutesCommand({ ApiId: world.api.id }));
    expect(routes.Items?.map(({ RouteKey }) => RouteKey)).to.include("GET /inferred");
    const refused = await client
      .send(new CreateApiCommand({ Name: "x", ProtocolType: "HTTP" }))
      .catch((error) => error);
    expect(refused.message).to.equal("The embedded cloud does not support apigateway:CreateApi.");
    const stranger = new ApiGatewayV2Client(world.asRole([{ Action: "s3:GetObject", Resource: "*" }]));
    expect((await stranger.send(new GetApisCommand({})).catch((error) => error)).name).to.equal(
      "AccessDeniedException",
    );
  });
});

describe("an HTTP API that is asked too often", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
    const integration = await world.integrate("echo", echo);
    await world.route("GET /a", integration);
    await world.route("GET /b", integration);
    await world.stage({
      defaultRouteSettings: { throttlingRateLimit: 0.001, throttlingBurstLimit: 2 },
      routeSettings: [{ routeKey: "GET /b", throttlingRateLimit: 5 }],
    });
  });
  after(() => world.close());

  it("says how often it may be asked", async () => {
    const { Items = [] } = await new ApiGatewayV2Client(world.client).send(
      new GetStagesCommand({ ApiId: world.api.id }),
    );
    const told = { DetailedMetricsEnabled: false, ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 2 };
    expect(Items.map(({ DefaultRouteSettings }) => DefaultRouteSettings)).to.deep.equal([told]);
    expect(Items[0]?.RouteSettings).to.deep.equal({ "GET /b": { ThrottlingRateLimit: 5 } });
  });

  it("refuses, route by route, until there is room again", async () => {
    const statuses = async (path: string, times: number) => {
      const seen: number[] = [];
      for (let at = 0; at < times; at++) seen.push((await world.call(path)).status);
      return seen;
    };
    expect(await statuses("/a", 3)).to.deep.equal([200, 200, 429]);
    expect(await statuses("/b", 1)).to.deep.equal([200]);
    expect(await refusalOf(await world.call("/a"))).to.deep.equal([429, { message: "Too Many Requests" }]);
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 1_000_000);
    expect(await statuses("/a", 2)).to.deep.equal([200, 429]);
  });
});
