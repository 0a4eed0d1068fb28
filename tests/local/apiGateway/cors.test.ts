import { expect } from "chai";
import { startWorld, type World } from "./world";

const site = "https://ledger.example.com";

describe("an HTTP API that pages of other origins call", () => {
  let world: World;
  const started = async (corsConfiguration: object) => {
    world = await startWorld({ corsConfiguration });
    const integration = await world.integrate(
      "own",
      'async () => ({ statusCode: 200, headers: { "access-control-allow-origin": "*", "x-own": "1" }, body: "ok" })',
    );
    const authorizerId = await world.authorizer();
    await world.route("GET /open", integration);
    await world.route("GET /closed", integration, { authorizationType: "JWT", authorizerId });
    await world.stage();
  };
  afterEach(() => world.close());

  const preflight = (origin: string, path = "/closed") =>
    world.call(path, { method: "OPTIONS", headers: { origin, "access-control-request-method": "GET" } });

  it("answers what browsers ask before, without a token and without a route", async () => {
    await started({
      allowOrigins: [site],
      allowMethods: ["GET", "POST"],
      allowHeaders: ["authorization"],
      exposeHeaders: ["etag"],
      maxAge: 60,
      allowCredentials: true,
    });
    for (const path of ["/closed", "/nowhere"]) {
      const answer = await preflight(site, path);
      expect(answer.status).to.equal(204);
      expect(Object.fromEntries(answer.headers)).to.include({
        "access-control-allow-origin": site,
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "authorization",
        "access-control-max-age": "60",
        "access-control-allow-credentials": "true",
      });
    }
    expect((await preflight("https://evil.example.com")).headers.has("access-control-allow-origin")).to.equal(false);
    expect((await world.call("/closed", { method: "OPTIONS" })).status).to.equal(404);
  });

  it("says who may see an answer, whatever the function says, errors included", async () => {
    await started({ allowOrigins: [site, "http://*"], exposeHeaders: ["etag"] });
    const headersFor = async (origin: string, path: string) =>
      Object.fromEntries((await world.call(path, { headers: { origin } })).headers);
    expect(await headersFor(site, "/open")).to.include({
      "access-control-allow-origin": site,
      "access-control-expose-headers": "etag",
      vary: "Origin",
      "x-own": "1",
    });
    expect(await headersFor("http://localhost:3000", "/closed")).to.include({
      "access-control-allow-origin": "http://localhost:3000",
    });
    expect(await headersFor("https://evil.example.com", "/open")).not.to.have.property("access-control-allow-origin");
  });

  it("may be open to all, but not with credentials", async () => {
    await started({ allowOrigins: ["*"] });
    const answer = await world.call("/open", { headers: { origin: site } });
    expect(answer.headers.get("access-control-allow-origin")).to.equal("*");
    const both = await world
      .declare("aws:apigatewayv2/api:Api", "both", {
        protocolType: "HTTP",
        corsConfiguration: { allowOrigins: ["*"], allowCredentials: true },
      })
      .catch((error: Error) => error);
    expect(String(both)).to.include("allowCredentials cannot be true");
  });

  it("leaves it to the function where nothing is declared", async () => {
    world = await startWorld();
    await world.route(
      "GET /open",
      await world.integrate(
        "own",
        'async () => ({ statusCode: 200, headers: { "access-control-allow-origin": "*" } })',
      ),
    );
    await world.stage();
    const answer = await world.call("/open", { headers: { origin: site } });
    expect(answer.headers.get("access-control-allow-origin")).to.equal("*");
    expect((await preflight(site)).status).to.equal(404);
  });
});
