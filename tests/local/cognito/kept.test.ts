import { readFile, rm, stat } from "node:fs/promises";
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  InitiateAuthCommand,
  ListUsersCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect } from "chai";
import { startWorld } from "./world";

const Password = "Correct-horse-1";

describe("a pool that is kept", () => {
  it("has its users, its keys and its sessions after a restart, and its secrets nowhere else", async () => {
    const first = await startWorld();
    const { folder, gateway, pool, journal } = first;
    const port = gateway.port;
    const ClientId = await first.application();
    const UserPoolId = pool.id;
    await first.sdk.send(new AdminCreateUserCommand({ UserPoolId, Username: "tester" }));
    await first.sdk.send(
      new AdminSetUserPasswordCommand({ UserPoolId, Username: "tester", Password, Permanent: true }),
    );
    const signIn = new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "tester", PASSWORD: Password },
    });
    const issued = (await first.stranger.send(signIn)).AuthenticationResult;
    const keys = (await first.published("jwks.json")).body;
    // As if killed: what was acknowledged is in the file already.
    const written = await readFile(journal, "utf8");
    expect(written).to.include("tester").and.not.include(Password).and.not.include(issued?.RefreshToken);
    expect((await stat(journal)).mode & 0o077).to.equal(0);
    await first.gateway.close();

    const second = await startWorld({ folder, port });
    expect(second.pool).to.deep.equal(pool);
    expect(await second.application()).to.equal(ClientId);
    expect((await second.published("jwks.json")).body).to.deep.equal(keys);
    await second.stranger.send(signIn);
    const refresh = new InitiateAuthCommand({
      ClientId,
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: issued?.RefreshToken ?? "" },
    });
    expect((await second.stranger.send(refresh)).AuthenticationResult?.AccessToken).to.be.a("string");
    await second.reset();
    expect((await second.sdk.send(new ListUsersCommand({ UserPoolId }))).Users).to.deep.equal([]);
    await second.close();

    const third = await startWorld({ folder, port });
    expect((await third.sdk.send(new ListUsersCommand({ UserPoolId }))).Users).to.deep.equal([]);
    expect((await third.published("jwks.json")).body).to.deep.equal(keys);
    await third.close();
    first.cloud.clock.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("is refused by name where something of it is not supported", async () => {
    const world = await startWorld();
    const failure = (type: string, inputs: object) =>
      world.declare(`aws:cognito/${type}`, "odd", { ...inputs }).then(
        () => "made",
        (error: Error) => error.message,
      );
    expect(await failure("userPool:UserPool", { mfaConfiguration: "ON" })).to.include("property mfaConfiguration");
    expect(await failure("userPool:UserPool", { passwordPolicy: { passwordHistorySize: 3 } })).to.include(
      "property passwordPolicy.passwordHistorySize",
    );
    const client = "userPoolClient:UserPoolClient";
    expect(await failure(client, { userPoolId: world.pool.id, generateSecret: true })).to.include("generateSecret");
    expect(await failure(client, { userPoolId: "us-east-1_gone" })).to.include("us-east-1_gone does not exist");
    const { id } = await world.declare(`aws:cognito/${client}`, "plain", { userPoolId: world.pool.id });
    expect(id).to.match(/^[a-z0-9]{26}$/);
    await world.close();
  });
});
