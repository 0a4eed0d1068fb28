import { once } from "node:events";
import { request as http1 } from "node:http";
import { connect } from "node:http2";
import { expect } from "chai";
import { AwsError } from "../../../local/cloud/awsError";
import type { Call, Service } from "../../../local/cloud/service";
import { awsJson } from "../../../local/gateway/awsJson";
import { awsQuery, listField } from "../../../local/gateway/awsQuery";
import { RestAnswer, type RestInput, restJson } from "../../../local/gateway/restJson";
import { startTestCloud, type TestCloud } from "../cloud";

const free = () => [];

const quiet = { resources: {}, reset: () => undefined, close: () => undefined };

const echo: Service = {
  ...quiet,
  signingName: "echo",
  protocol: awsJson({
    version: "1.0",
    target: "Echo",
    errorNamespace: "com.example",
    queryCodes: { Wrong: "Old.Wrong" },
  }),
  operations: {
    Say: { access: free, run: (input: unknown, { caller }: Call) => ({ said: input, caller: caller.name }) },
    Fail: { access: free, run: () => Promise.reject(new AwsError("Wrong", "it is wrong", 400, { Reasons: ["a"] })) },
    Break: { access: free, run: () => Promise.reject(new TypeError("a bug")) },
    Secret: {
      access: () => ({ action: "echo:Secret", resource: "arn:aws:echo:us-east-1:123456789012:box" }),
      run: () => ({}),
    },
  },
};

const rest: Service = {
  ...quiet,
  signingName: "rest",
  protocol: restJson({ GetThing: "GET /things/{name}", PutThing: "PUT /things/{name}/{rest+}" }),
  operations: {
    GetThing: { access: free, run: ({ path, query }: RestInput) => ({ name: path["name"], q: query.get("q") }) },
    PutThing: {
      access: free,
      run: ({ path, body }: RestInput) => new RestAnswer(202, `${path["rest"]} ${body}`, { "x-more": "yes" }),
    },
  },
};

const form: Service = {
  ...quiet,
  signingName: "form",
  protocol: awsQuery({ namespace: "http://form/" }),
  operations: {
    Describe: {
      access: free,
      run: (fields: Record<string, string>) => ({
        Items: listField(fields, "Item.member").map(({ Name }) => ({ Name })),
        Text: "<&>",
        None: undefined,
        At: new Date(0),
      }),
    },
  },
};

describe("the gateway", () => {
  let world: TestCloud;
  before(async () => {
    world = await startTestCloud(() => [echo, rest, form]);
  });
  after(() => world.close());

  const signed = (service: string, accessKeyId = "local") => ({
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  });
  const call = async (
    service: string,
    options: { method?: string; path?: string; headers?: Record<string, string>; body?: string } = {},
  ) => {
    const response = await fetch(`${world.gateway.url}${options.path ?? "/"}`, {
      method: options.method ?? "POST",
      headers: { ...signed(service), ...options.headers },
      ...(options.body !== undefined && { body: options.body }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const say = (operation: string, body = "{}") =>
    call("echo", { headers: { "x-amz-target": `Echo.${operation}` }, body });

  it("speaks HTTP/1.1 and HTTP/2 on the same port", async () => {
    const headers = { ...signed("echo"), "x-amz-target": "Echo.Say" };
    const request = http1(world.gateway.url, { method: "POST", headers });
    request.end('{"over":1}');
    const [response] = await once(request, "response");
    expect(JSON.parse(String(await response.toArray()))).to.deep.include({ said: { over: 1 } });
    const session = connect(world.gateway.url);
    const streams = [1, 2, 3].map(async (over) => {
      const stream = session.request({ ":method": "POST", ":path": "/", ...headers });
      stream.end(JSON.stringify({ over }));
      return JSON.parse(String(await stream.toArray())) as object;
    });
    for (const [at, answer] of (await Promise.all(streams)).entries())
      expect(answer).to.deep.include({ said: { over: at + 1 } });
    session.close();
  });

  it("dates every answer by the cloud's clock, a refusal too", async () => {
    const { clock } = world.cloud;
    await clock.turnTo(clock.now() + 3 * 86_400_000);
    for (const operation of ["Say", "Fail", "Nothing"]) {
      const { headers } = await say(operation);
      expect(Date.parse(headers.get("date") ?? ""), operation).to.be.within(clock.now() - 2_000, clock.now());
    }
  });

  it("listens on the loopback interface", () => {
    expect(world.gateway.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("refuses what is not signed, signed by nobody known, or meant for a service that is not here", async () => {
    const unsigned = await fetch(world.gateway.url, { method: "POST" });
    expect(unsigned.status).to.equal(403);
    expect(await unsigned.text()).to.include("MissingAuthenticationToken");
    const stranger = await fetch(world.gateway.url, { method: "POST", headers: signed("echo", "AKIASTRANGER") });
    expect(await stranger.text()).to.include("access key AKIASTRANGER is not known here");
    const elsewhere = await call("sagemaker");
    expect(elsewhere.status).to.equal(501);
    expect(elsewhere.text).to.include("does not support the service sagemaker; there are echo, form, rest");
  });

  it("refuses the call of a service that is not here so that its client understands it", async () => {
    const forms = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    const stacks = await call("cloudformation", { headers: forms, body: "Action=ListStacks" });
    expect(stacks.status).to.equal(501);
    expect(stacks.headers.get("content-type")).to.equal("text/xml");
    expect(stacks.text).to.match(
      /<Error>.*<Code>NotImplemented<\/Code><Message>The embedded cloud does not support the service cloudformation;/,
    );
  });

  it("takes the credential of a presigned address too", async () => {
    const credential = encodeURIComponent("local/20260101/us-east-1/rest/aws4_request");
    const answer = await fetch(`${world.gateway.url}/things/a%20b?q=1&X-Amz-Credential=${credential}`);
    expect(await answer.json()).to.deep.equal({ name: "a b", q: "1" });
  });

  /** As a browser sends it: fetch sets some of these headers itself. */
  const browse = async (headers: Record<string, string>, path = "/"): Promise<[number | undefined, string]> => {
    const request = http1(`${world.gateway.url}${path}`, { method: "POST", headers });
    request.end("{}");
    const [response] = await once(request, "response");
    return [response.statusCode, String(await response.toArray())];
  };

  it("answers to this machine's own names, so that no name that is made to lead here opens it to a page", async () => {
    const headers = { ...signed("echo"), "x-amz-target": "Echo.Say" };
    const port = world.gateway.port;
    for (const host of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      "localhost",
      `bucket.localhost:${port}`,
      `[::1]:${port}`,
    ])
      expect((await browse({ ...headers, host }))[0], host).to.equal(200);
    for (const host of [`evil.example:${port}`, `127.0.0.1.evil.example`, `localhost.evil.example:${port}`]) {
      const [status, said] = await browse({ ...headers, host });
      expect(status, host).to.equal(403);
      expect(said).to.include(`answers to 127.0.0.1 and localhost, not to ${host}.`);
    }
  });

  it("takes no call from a page of another site, with a credential in the header or in the address", async () => {
    const header = { ...signed("echo"), "x-amz-target": "Echo.Say" };
    const own = `http://127.0.0.1:${world.gateway.port}`;
    const credential = encodeURIComponent("local/20260101/us-east-1/echo/aws4_request");
    for (const page of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { origin: own, "sec-fetch-site": "same-site" },
    ]) {
      const simple = { ...page, "content-type": "text/plain", "x-amz-target": "Echo.Say" };
      for (const [status, said] of [
        await browse({ ...header, ...page }),
        await browse(simple, `/?X-Amz-Credential=${credential}`),
      ]) {
        expect(status, JSON.stringify(page)).to.equal(403);
        expect(said).to.include("takes no calls from pages of other sites");
      }
    }
    for (const page of [{ origin: own, "sec-fetch-site": "same-origin" }, { "sec-fetch-site": "none" }])
      expect((await browse({ ...header, ...page }))[0], JSON.stringify(page)).to.equal(200);
  });

  it("answers in each protocol's own manner", async () => {
    const failed = await say("Fail");
    expect(failed.status).to.equal(400);
    expect(JSON.parse(failed.text)).to.deep.equal({
      __type: "com.example#Wrong",
      message: "it is wrong",
      Reasons: ["a"],
    });
    expect(failed.headers.get("x-amzn-query-error")).to.equal("Old.Wrong;Sender");
    const put = await call("rest", { method: "PUT", path: "/things/a/b/c", body: "text" });
    expect([put.status, put.text, put.headers.get("x-more")]).to.deep.equal([202, "b/c text", "yes"]);
    const described = await call("form", { body: "Action=Describe&Item.member.2.Name=two&Item.member.1.Name=one" });
    expect(described.text).to.include(
      "<Items><member><Name>one</Name></member><member><Name>two</Name></member></Items>",
    );
    expect(described.text).to.include("<Text>&lt;&amp;&gt;</Text><At>1970-01-01T00:00:00.000Z</At>");
    expect(described.headers.get("x-amzn-requestid")).to.be.a("string");
  });

  it("names what it does not support, and what is no request at all", async () => {
    expect((await say("Shout")).text).to.include("does not support echo:Shout");
    expect((await call("echo", { headers: { "x-amz-target": "Other.Say" } })).text).to.include(
      "does not support POST / of echo",
    );
    expect((await call("rest", { method: "DELETE", path: "/things/a" })).text).to.include(
      "does not support DELETE /things/a of rest",
    );
    expect((await call("form", { body: "Action=Drop" })).text).to.include(
      "<Message>The embedded cloud does not support form:Drop.</Message>",
    );
    expect((await say("Say", "{")).text).to.include("SerializationException");
  });

  it("tells of its own bugs as such", async () => {
    const broken = await say("Break");
    expect(broken.status).to.equal(500);
    expect(broken.text).to.include("The embedded cloud failed: TypeError: a bug");
  });

  it("says who may not do what on which resource, and leaves a trace of every call", async () => {
    const { credentials } = world.asRole([{ Action: "echo:Other", Resource: "*" }]);
    const denied = await fetch(world.gateway.url, {
      method: "POST",
      headers: { ...signed("echo", credentials.accessKeyId), "x-amz-target": "Echo.Secret" },
      body: '{"correlationId":"flow-1"}',
    });
    expect(denied.status).to.equal(403);
    expect(await denied.text()).to.match(
      /assumed-role\/tester-\d+\/test is not authorized to perform: echo:Secret on resource: arn:aws:echo:us-east-1:123456789012:box/,
    );
    const [span] = world.cloud.trace.of("flow-1");
    expect(span).to.include({
      service: "echo",
      operation: "Secret",
      outcome: "AccessDeniedException",
      resource: "arn:aws:echo:us-east-1:123456789012:box",
    });
  });
});
