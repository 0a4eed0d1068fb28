import { createPublicKey, verify } from "node:crypto";
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserPasswordCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListGroupsCommand,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
  ListUsersCommand,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect } from "chai";
import { startWorld, type World } from "./world";

const Password = "Correct-horse-1";
const day = 86_400_000;

describe("users of a pool", () => {
  let world: World;
  let ClientId: string;
  beforeEach(async () => {
    world = await startWorld();
    ClientId = await world.application();
  });
  afterEach(() => world.close());

  const refusal = async (work: Promise<unknown>): Promise<[string, string]> => {
    const error = (await work.then(
      () => ({ name: "none", message: "it succeeded" }),
      (refused: Error) => refused,
    )) as Error;
    return [error.name, error.message];
  };
  const create = (Username = "tester", more = {}) =>
    world.sdk.send(
      new AdminCreateUserCommand({ UserPoolId: world.pool.id, Username, MessageAction: "SUPPRESS", ...more }),
    );
  const setPassword = (Permanent = true, password = Password, Username = "tester") =>
    world.sdk.send(
      new AdminSetUserPasswordCommand({ UserPoolId: world.pool.id, Username, Password: password, Permanent }),
    );
  const signIn = (PASSWORD = Password, USERNAME = "tester") =>
    world.stranger.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME, PASSWORD },
      }),
    );
  const refreshed = (REFRESH_TOKEN: string) =>
    world.stranger.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: { REFRESH_TOKEN } }),
    );
  const claimsOf = (token = "") =>
    JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
  const notAuthorized = (message: string) => ["NotAuthorizedException", message];

  it("sign in and get tokens with Cognito's claims, signed with the keys that the issuer publishes over TLS", async () => {
    await create("Tester", {
      UserAttributes: [
        { Name: "email", Value: "a@example.com" },
        { Name: "email_verified", Value: "true" },
      ],
    });
    await setPassword();
    const { AuthenticationResult: issued } = await signIn();
    expect(issued).to.include({ ExpiresIn: 3_600, TokenType: "Bearer" });
    const { User } = {
      User: await world.sdk.send(new AdminGetUserCommand({ UserPoolId: world.pool.id, Username: "tester" })),
    };
    const sub = User.UserAttributes?.find(({ Name }) => Name === "sub")?.Value;
    const access = claimsOf(issued?.AccessToken);
    expect(access).to.include({
      sub,
      iss: world.pool.issuer,
      client_id: ClientId,
      token_use: "access",
      scope: "aws.cognito.signin.user.admin",
      username: "tester",
    });
    expect(Number(access["exp"]) - Number(access["iat"])).to.equal(3_600);
    expect(access).to.have.all.keys(
      ...[
        "sub",
        "iss",
        "client_id",
        "origin_jti",
        "event_id",
        "token_use",
        "scope",
        "auth_time",
        "exp",
        "iat",
        "jti",
        "username",
      ],
    );
    const id = claimsOf(issued?.IdToken);
    expect(id).to.include({
      sub,
      aud: ClientId,
      token_use: "id",
      "cognito:username": "tester",
      email: "a@example.com",
      email_verified: true,
    });

    const { body } = await world.published("openid-configuration");
    expect(body).to.include({ issuer: world.pool.issuer, jwks_uri: `${world.pool.issuer}/.well-known/jwks.json` });
    const { keys } = (await world.published("jwks.json")).body as { keys: { kid: string }[] };
    for (const token of [issued?.AccessToken, issued?.IdToken]) {
      const [header = "", claims = "", signature = ""] = (token ?? "").split(".");
      const { kid } = JSON.parse(Buffer.from(header, "base64url").toString()) as { kid: string };
      const key = keys.find((one) => one.kid === kid) ?? expect.fail(`${kid} is not published`);
      const good = verify(
        "RSA-SHA256",
        Buffer.from(`${header}.${claims}`),
        createPublicKey({ key, format: "jwk" }),
        Buffer.from(signature, "base64url"),
      );
      expect(good).to.equal(true);
    }
    expect((await world.published("else").catch(() => ({ status: 0 }))).status).not.to.equal(200);
  });

  it("stay signed in by a refresh token, until its time is over or they are gone", async () => {
    await create();
    await setPassword();
    const first = (await signIn()).AuthenticationResult;
    await world.cloud.clock.turnTo(world.cloud.clock.now() + day);
    const again = (await refreshed(first?.RefreshToken ?? "")).AuthenticationResult;
    expect(again).not.to.have.property("RefreshToken");
    const [before, after] = [claimsOf(first?.AccessToken), claimsOf(again?.AccessToken)];
    expect(after).to.include({ origin_jti: before["origin_jti"], auth_time: before["auth_time"], sub: before["sub"] });
    expect(Number(after["iat"])).to.be.greaterThan(Number(before["exp"]));
    expect(await refusal(refreshed("invented"))).to.deep.equal(notAuthorized("Invalid Refresh Token"));
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 30 * day);
    expect(await refusal(refreshed(first?.RefreshToken ?? ""))).to.deep.equal(
      notAuthorized("Refresh Token has expired"),
    );
    const last = (await signIn()).AuthenticationResult;
    await world.sdk.send(new AdminDeleteUserCommand({ UserPoolId: world.pool.id, Username: "tester" }));
    expect(await refusal(refreshed(last?.RefreshToken ?? ""))).to.deep.equal(notAuthorized("Invalid Refresh Token"));
  });

  it("are not let in with a wrong password, and nobody learns who there is", async () => {
    await create();
    await setPassword();
    const wrong = notAuthorized("Incorrect username or password.");
    expect(await refusal(signIn("Wrong-horse-123"))).to.deep.equal(wrong);
    expect(await refusal(signIn(Password, "nobody"))).to.deep.equal(wrong);
    await world.application({ preventUserExistenceErrors: "LEGACY" });
    expect(await refusal(signIn(Password, "nobody"))).to.deep.equal(["UserNotFoundException", "User does not exist."]);
    await world.sdk.send(new AdminDisableUserCommand({ UserPoolId: world.pool.id, Username: "tester" }));
    expect(await refusal(signIn())).to.deep.equal(notAuthorized("User is disabled."));
    await world.sdk.send(new AdminEnableUserCommand({ UserPoolId: world.pool.id, Username: "tester" }));
    expect((await signIn()).AuthenticationResult?.AccessToken).to.be.a("string");
  });

  it("choose a password of their own at first", async () => {
    await create("tester", { TemporaryPassword: "Temporary-123" });
    const asked = await signIn("Temporary-123");
    expect(asked.ChallengeName).to.equal("NEW_PASSWORD_REQUIRED");
    const answer = (NEW_PASSWORD: string, Session = asked.Session) =>
      world.stranger.send(
        new RespondToAuthChallengeCommand({
          ClientId,
          ChallengeName: "NEW_PASSWORD_REQUIRED",
          Session,
          ChallengeResponses: { USERNAME: "tester", NEW_PASSWORD },
        }),
      );
    expect(await refusal(answer("short"))).to.deep.equal([
      "InvalidPasswordException",
      "Password did not conform with policy: Password not long enough",
    ]);
    expect(await refusal(answer(Password, "invented"))).to.deep.equal(notAuthorized("Invalid session for the user."));
    expect((await answer(Password)).AuthenticationResult?.AccessToken).to.be.a("string");
    expect((await signIn()).AuthenticationResult?.AccessToken).to.be.a("string");
    await create("late", { TemporaryPassword: "Temporary-123" });
    const slow = await signIn("Temporary-123", "late");
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 4 * 60_000);
    expect(await refusal(answer(Password, slow.Session))).to.deep.equal(
      notAuthorized("Invalid session for the user, session is expired."),
    );
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 3 * day);
    expect(await refusal(signIn("Temporary-123", "late"))).to.deep.equal(
      notAuthorized("Temporary password has expired and must be reset by an administrator."),
    );
  });

  it("have passwords as the pool's policy says", async () => {
    await create();
    for (const [password, why] of [
      ["short", "Password not long enough"],
      ["LONG-ENOUGH-123", "Password must have lowercase characters"],
      ["long-enough-123", "Password must have uppercase characters"],
      ["Long-enough-abc", "Password must have numeric characters"],
    ] as const)
      expect(await refusal(setPassword(true, password))).to.deep.equal([
        "InvalidPasswordException",
        `Password did not conform with policy: ${why}`,
      ]);
    expect(await refusal(create())).to.deep.equal(["UsernameExistsException", "User account already exists"]);
    expect(await refusal(create("TESTER"))).to.deep.equal(["UsernameExistsException", "User account already exists"]);
    const { UserPools = [] } = await world.sdk.send(new ListUserPoolsCommand({ MaxResults: 60 }));
    expect(UserPools.map(({ Id }) => Id)).to.deep.equal([world.pool.id]);
    const UserPoolId = world.pool.id;
    const { UserPoolClients = [] } = await world.sdk.send(new ListUserPoolClientsCommand({ UserPoolId }));
    expect(UserPoolClients.map((one) => [one.ClientId, one.UserPoolId])).to.deep.equal([[ClientId, UserPoolId]]);
    const { Users = [] } = await world.sdk.send(new ListUsersCommand({ UserPoolId }));
    expect(Users.map(({ Username, UserStatus }) => [Username, UserStatus])).to.deep.equal([
      ["tester", "FORCE_CHANGE_PASSWORD"],
    ]);
    expect(await refusal(world.sdk.send(new ListUsersCommand({ UserPoolId, Limit: 1 })))).to.deep.equal([
      "NotImplemented",
      "The embedded cloud does not support the parameter Limit of cognito-idp:ListUsers.",
    ]);
  });

  it("sign in only as their client lets them", async () => {
    await create();
    await setPassword();
    const admin = (AuthFlow: "ADMIN_USER_PASSWORD_AUTH") =>
      world.sdk.send(
        new AdminInitiateAuthCommand({
          UserPoolId: world.pool.id,
          ClientId,
          AuthFlow,
          AuthParameters: { USERNAME: "tester", PASSWORD: Password },
        }),
      );
    expect((await admin("ADMIN_USER_PASSWORD_AUTH")).AuthenticationResult?.AccessToken).to.be.a("string");
    const { AuthenticationResult } = await signIn();
    await world.application({ explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"] });
    const invalid = (message: string) => ["InvalidParameterException", message];
    expect(await refusal(signIn())).to.deep.equal(invalid("USER_PASSWORD_AUTH flow not enabled for this client"));
    expect(await refusal(admin("ADMIN_USER_PASSWORD_AUTH"))).to.deep.equal(
      invalid("Auth flow not enabled for this client"),
    );
    expect(await refusal(refreshed(AuthenticationResult?.RefreshToken ?? ""))).to.deep.equal(
      invalid("Auth flow not enabled for this client"),
    );
    const srp = new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_SRP_AUTH",
      AuthParameters: { USERNAME: "tester" },
    });
    expect(await refusal(world.stranger.send(srp))).to.deep.equal([
      "NotImplemented",
      "The embedded cloud does not support the flow USER_SRP_AUTH of cognito-idp.",
    ]);
    const lost = new InitiateAuthCommand({ ClientId: "gone", AuthFlow: "USER_PASSWORD_AUTH" });
    expect(await refusal(world.stranger.send(lost))).to.deep.equal([
      "ResourceNotFoundException",
      "User pool client gone does not exist.",
    ]);
  });

  it("look after themselves with their token, and after others with AWS's leave alone", async () => {
    await create();
    await setPassword();
    const { AuthenticationResult } = await signIn();
    const AccessToken = AuthenticationResult?.AccessToken ?? "";
    expect((await world.stranger.send(new GetUserCommand({ AccessToken }))).Username).to.equal("tester");
    const [header, , signature] = AccessToken.split(".");
    const forged = `${header}.${Buffer.from('{"username":"other"}').toString("base64url")}.${signature}`;
    expect(await refusal(world.stranger.send(new GetUserCommand({ AccessToken: forged })))).to.deep.equal(
      notAuthorized("Invalid Access Token"),
    );
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 3_601_000);
    expect(await refusal(world.stranger.send(new GetUserCommand({ AccessToken })))).to.deep.equal(
      notAuthorized("Access Token has expired"),
    );
    const list = new ListUsersCommand({ UserPoolId: world.pool.id });
    expect((await refusal(world.stranger.send(list)))[0]).to.equal("UnrecognizedClientException");
    const { sdk } = world;
    expect((await refusal(sdk.send(new ListUsersCommand({ UserPoolId: "us-east-1_gone" }))))[1]).to.equal(
      "User pool us-east-1_gone does not exist.",
    );
    const groups = new ListGroupsCommand({ UserPoolId: world.pool.id });
    expect((await refusal(sdk.send(groups)))[0]).to.equal("NotImplemented");
    const challenge = new AdminRespondToAuthChallengeCommand({
      UserPoolId: world.pool.id,
      ClientId,
      ChallengeName: "SMS_MFA",
    });
    expect((await refusal(sdk.send(challenge)))[1]).to.include("the challenge SMS_MFA");
  });
});
