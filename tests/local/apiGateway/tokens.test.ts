import { expect } from "chai";
import { echo, startWorld, typeOf, type World } from "./world";

const hour = 3_600_000;

describe("a route that takes tokens", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
    const integration = await world.integrate("echo", echo);
    const authorizerId = await world.authorizer();
    const closed = { authorizationType: "JWT", authorizerId };
    await world.route("GET /accounts", integration, closed);
    await world.route("GET /rules", integration, { ...closed, authorizationScopes: ["rules:read", "rules:write"] });
    await world.route("GET /health", integration);
    await world.stage();
  });
  after(() => world.close());

  const ask = (token: string | undefined, path = "/accounts") =>
    world.call(path, token === undefined ? {} : { headers: { authorization: token } });
  const claimsFor = async (token: string, path?: string) => {
    const answer = await ask(token, path);
    expect(answer.status).to.equal(200);
    const { requestContext } = (await answer.json()) as { requestContext: { authorizer?: { jwt: unknown } } };
    return requestContext.authorizer?.jwt as { claims: Record<string, string>; scopes: string[] | null };
  };
  /** What a refused caller is told. */
  const refusal = async (token: string | undefined, path?: string) => {
    const answer = await ask(token, path);
    return [answer.status, await answer.json(), answer.headers.get("www-authenticate")];
  };
  const unauthorized = (description: string) => [
    401,
    { message: "Unauthorized" },
    `Bearer scope="" error="invalid_token" error_description="${description}"`,
  ];

  it("tells the function who calls, every claim as a text", async () => {
    const token = world.issuer.token({
      scope: "a b",
      "cognito:groups": ["admin", "staff"],
      email_verified: true,
      address: { city: "x" },
    });
    const { claims, scopes } = await claimsFor(`Bearer ${token}`);
    expect(claims).to.include({
      iss: world.issuer.url,
      aud: "ledger",
      sub: "user-1",
      scope: "a b",
      "cognito:groups": "[admin staff]",
      email_verified: "true",
      address: '{"city":"x"}',
    });
    expect(claims["exp"]).to.match(/^\d{10}$/);
    expect(scopes).to.equal(null);
    expect((await claimsFor(token)).claims["sub"]).to.equal("user-1");
  });

  it("takes a client in place of an audience, but not beside a wrong one", async () => {
    const { claims } = await claimsFor(world.issuer.token({ aud: undefined, client_id: "ledger" }));
    expect(claims["client_id"]).to.equal("ledger");
    await claimsFor(world.issuer.token({ aud: ["unknown", "other"] }));
    expect(await refusal(world.issuer.token({ aud: "unknown", client_id: "ledger" }))).to.deep.equal(
      unauthorized("the token does not have a valid audience"),
    );
    expect((await ask(world.issuer.token({ aud: undefined }))).status).to.equal(401);
  });

  it("is for nobody without one", async () => {
    expect(await refusal(undefined)).to.deep.equal([401, { message: "Unauthorized" }, "Bearer"]);
    expect(await refusal("Bearer ")).to.deep.equal([401, { message: "Unauthorized" }, "Bearer"]);
    expect((await ask(undefined, "/health")).status).to.equal(200);
  });

  it("refuses what is over, not yet, of another issuer, or no token at all", async () => {
    const seconds = Math.floor(world.cloud.clock.now() / 1_000);
    const { token } = world.issuer;
    expect(await refusal(token({ exp: seconds - 1 }))).to.deep.equal(unauthorized("the token has expired"));
    expect(await refusal(token({ exp: undefined }))).to.deep.equal(unauthorized("the token has expired"));
    expect(await refusal(token({ exp: "9999999999" }))).to.deep.equal(unauthorized("the token has expired"));
    expect(await refusal(token({ nbf: seconds + 60 }))).to.deep.equal(unauthorized("the token is not valid yet"));
    expect(await refusal(token({ iat: seconds + 60 }))).to.deep.equal(
      unauthorized("the token was issued in the future"),
    );
    expect(await refusal(token({ iss: "https://id.example.com" }))).to.deep.equal(
      unauthorized("the token does not have a valid issuer"),
    );
    for (const text of ["nonsense", "a.b.c", "Basic dTpw", `${token()}.x`])
      expect((await ask(text)).status, text).to.equal(401);
  });

  it("refuses what the issuer's key did not sign", async () => {
    const { issuer } = world;
    const [header, claims, signature] = issuer.token().split(".");
    const other = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(claims ?? "", "base64url").toString()), sub: "x" }),
    );
    expect(await refusal(`${header}.${other.toString("base64url")}.${signature}`)).to.deep.equal(
      unauthorized("the token has an invalid signature"),
    );
    expect(await refusal(issuer.forged())).to.deep.equal(unauthorized("the token has an invalid signature"));
    expect(await refusal(issuer.unsigned())).to.deep.equal(unauthorized("signing method none is invalid"));
    expect(await refusal(issuer.signedWithPublicKey())).to.deep.equal(unauthorized("signing method HS256 is invalid"));
    expect((await ask(issuer.token({}, { kid: "unknown" }))).status).to.equal(401);
    expect((await ask(issuer.token({}, { kid: undefined }))).status).to.equal(401);
  });

  it("asks for scopes, of which one is enough, and forbids without", async () => {
    const { scopes } = await claimsFor(world.issuer.token({ scope: "other rules:write" }), "/rules");
    expect(scopes).to.deep.equal(["rules:write"]);
    expect((await claimsFor(world.issuer.token({ scp: ["rules:read"] }), "/rules")).scopes).to.deep.equal([
      "rules:read",
    ]);
    const [status, message, header] = await refusal(world.issuer.token({ scope: "rules" }), "/rules");
    expect([status, message]).to.deep.equal([403, { message: "Forbidden" }]);
    expect(header).to.include('scope="rules:read rules:write" error="insufficient_scope"');
  });

  it("goes by the cloud's clock", async () => {
    const token = world.issuer.token();
    await claimsFor(token);
    await world.cloud.clock.turnTo(world.cloud.clock.now() + hour + 1_000);
    expect(await refusal(token)).to.deep.equal(unauthorized("the token has expired"));
    await claimsFor(world.issuer.token());
  });

  it("keeps the issuer's keys, and asks again once there is a new one, but not for each that somebody invents", async () => {
    const before = world.issuer.asked();
    for (let at = 0; at < 3; at++) await claimsFor(world.issuer.token());
    for (let at = 0; at < 3; at++) await ask(world.issuer.token({}, { kid: `invented-${at}` }));
    expect(world.issuer.asked() - before).to.be.at.most(1);
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 61_000);
    world.issuer.rotate();
    await claimsFor(world.issuer.token());
    expect(world.issuer.asked() - before).to.be.at.most(2);
  });

  it("is not made of an issuer that does not answer, lies, or is not on this machine", async () => {
    const make = (issuer: string) =>
      world
        .declare(typeOf("Authorizer"), "bad", {
          apiId: world.api.id,
          authorizerType: "JWT",
          identitySources: ["$request.header.Authorization"],
          jwtConfiguration: { issuer, audiences: ["ledger"] },
        })
        .then(
          () => "made",
          (error: Error) => error.message,
        );
    const gone = world.issuer.url.replace("/realm", "/gone");
    expect(await make(gone))
      .to.include(`Caught exception when connecting to ${gone}/.well-known/openid-configuration for issuer ${gone}.`)
      .and.include("404");
    expect(await make(world.issuer.url.replace("/realm", "/liar"))).to.include("elsewhere.example.com");
    expect(await make("https://id.example.com")).to.include("id.example.com is not on this machine");
  });
});

describe("a token in the query", () => {
  it("is found where the authoriser looks for it", async () => {
    const world = await startWorld();
    const integration = await world.integrate("echo", echo);
    const authorizerId = await world.authorizer({ identitySources: ["$request.querystring.token"] });
    await world.route("GET /a", integration, { authorizationType: "JWT", authorizerId });
    await world.stage();
    const token = world.issuer.token();
    expect((await world.call(`/a?token=${token}`)).status).to.equal(200);
    expect((await world.call("/a", { headers: { authorization: token } })).status).to.equal(401);
    await world.close();
  });
});
