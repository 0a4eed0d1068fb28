import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { echo, startWorld, type World } from "./world";

describe("what a function is told of a request", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
    const integration = await world.integrate("echo", echo);
    await world.route("ANY /{proxy+}", integration);
    await world.route("GET /accounts/{accountId}", integration);
    await world.stage({ stageVariables: { colour: "blue" } });
  });
  after(() => world.close());

  /** Sends header lines as they are. */
  const send = async (path: string, lines: string[] = []): Promise<Record<string, unknown>> => {
    const { port } = new URL(world.api.endpoint);
    const asked = request({
      port,
      host: "127.0.0.1",
      path: `${new URL(world.api.endpoint).pathname}${path}`,
      headers: ["host", `127.0.0.1:${port}`, ...lines] as unknown as string[],
    });
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    return JSON.parse(await text(response)) as Record<string, unknown>;
  };

  it("is all of it, in version 2.0 of the format", async () => {
    const at = world.cloud.clock.now();
    const event = await send("/accounts/a%20b?x=1&x=2&y=%C3%A9", [
      "X-Two",
      "one",
      "X-Two",
      "two",
      "cookie",
      "a=1; b=2",
      "user-agent",
      "tester/1",
      "x-amzn-trace-id",
      "Root=1-5e1b4151-5ac6c58f3c9d4b2a1e0f9d8c",
    ]);
    const { requestContext, ...rest } = event as { requestContext: Record<string, unknown> };
    const { port, host } = new URL(world.api.endpoint);
    expect(rest).to.deep.equal({
      version: "2.0",
      routeKey: "GET /accounts/{accountId}",
      rawPath: "/accounts/a b",
      rawQueryString: "x=1&x=2&y=%C3%A9",
      cookies: ["a=1", "b=2"],
      headers: {
        "content-length": "0",
        host,
        "user-agent": "tester/1",
        "x-amzn-trace-id": "Root=1-5e1b4151-5ac6c58f3c9d4b2a1e0f9d8c",
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-port": port,
        "x-forwarded-proto": "http",
        "x-two": "one,two",
      },
      queryStringParameters: { x: "1,2", y: "é" },
      pathParameters: { accountId: "a b" },
      stageVariables: { colour: "blue" },
      isBase64Encoded: false,
    });
    const { requestId, time, timeEpoch, ...context } = requestContext;
    expect(context).to.deep.equal({
      accountId: "123456789012",
      apiId: world.api.id,
      domainName: host,
      domainPrefix: world.api.id,
      http: {
        method: "GET",
        path: "/accounts/a b",
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: "tester/1",
      },
      routeKey: "GET /accounts/{accountId}",
      stage: "$default",
    });
    expect(requestId).to.match(/^[\w+/]{15}=$/);
    expect(timeEpoch).to.be.within(at, at + 60_000);
    expect(time).to.match(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  });

  it("leaves out what there is none of, and keeps a slash at the end", async () => {
    const event = await send("/things/");
    expect(event).not.to.have.any.keys("cookies", "queryStringParameters", "body");
    expect(event).to.include({ rawPath: "/things/", rawQueryString: "" });
  });

  it("is a path cut off at a question mark that was encoded", async () => {
    expect((await send("/a%3Fb")) as object).to.include({ rawPath: "/a" });
  });

  it("is a body as text where its type says so, else in base64", async () => {
    const post = async (contentType: string | undefined, body: string | Buffer) => {
      const answer = await world.call("/things", {
        method: "POST",
        body: Buffer.from(body),
        ...(contentType && { headers: { "content-type": contentType } }),
      });
      const event = (await answer.json()) as { body: string; isBase64Encoded: boolean };
      return [event.body, event.isBase64Encoded];
    };
    const json = '{"a": "é"}';
    expect(await post("application/json", json)).to.deep.equal([json, false]);
    expect(await post("application/json; charset=utf-8", json)).to.deep.equal([json, false]);
    expect(await post("text/csv", "a;b")).to.deep.equal(["a;b", false]);
    const bytes = Buffer.from([0, 255, 128]);
    expect(await post("application/octet-stream", bytes)).to.deep.equal([bytes.toString("base64"), true]);
    expect(await post("application/x-www-form-urlencoded", "a=1")).to.deep.equal(["YT0x", true]);
    expect(await post(undefined, "a=1")).to.deep.equal(["YT0x", true]);
  });
});

describe("stages other than the default", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
    await world.route("GET /accounts", await world.integrate("echo", echo));
    await world.stage({ name: "v1" });
  });
  after(() => world.close());

  it("stand before the path, also for the function", async () => {
    const event = (await (await world.call("/v1/accounts")).json()) as Record<string, unknown>;
    expect(event).to.include({ rawPath: "/v1/accounts", routeKey: "GET /accounts" });
    const outside = await world.call("/accounts");
    expect([outside.status, await outside.json()]).to.deep.equal([404, { message: "Not Found" }]);
  });
});
