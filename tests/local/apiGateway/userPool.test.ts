import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect } from "chai";
import { createApiGateway } from "../../../local/apiGateway/service";
import { sharedCertificate } from "../../../local/certificate/certificate";
import { createCognito } from "../../../local/cognito/service";
import { createSts } from "../../../local/sts/service";
import { startTestCloud, type TestCloud } from "../cloud";
import { typeOf } from "./world";

const hour = 3_600_000;

describe("an HTTP API whose callers are users of a pool", () => {
  let world: TestCloud;
  let folder: string;
  let endpoint: string;
  let pool: string;
  let application: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pool-"));
    const certificate = sharedCertificate(folder);
    world = await startTestCloud(
      (cloud) => [
        createCognito(cloud),
        createSts(cloud),
        createApiGateway(cloud, {
          // What the function was told is what it answers.
          invoke: async (_, payload) => ({
            kind: "success",
            payload,
            requestId: "1",
            durationMs: 1,
            billedMs: 1,
            maxMemoryMb: 1,
          }),
          onLog: () => undefined,
          onMetric: () => undefined,
          trusted: certificate,
        }),
      ],
      undefined,
      { shown: certificate },
    );
    const users = await world.declare("aws:cognito/userPool:UserPool", "users", { name: "users" });
    pool = String(users.id);
    const client = await world.declare("aws:cognito/userPoolClient:UserPoolClient", "app", {
      userPoolId: pool,
      explicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
    });
    application = String(client.id);
    const api = await world.declare(typeOf("Api"), "api", { name: "signal9-dev-ledger", protocolType: "HTTP" });
    endpoint = String(api.outputs["apiEndpoint"]);
    const apiId = api.id;
    const { id: integration } = await world.declare(typeOf("Integration"), "fn", {
      apiId,
      integrationType: "AWS_PROXY",
      integrationUri: "arn:aws:lambda:us-east-1:123456789012:function:fn",
      payloadFormatVersion: "2.0",
    });
    const { id: authorizerId } = await world.declare(typeOf("Authorizer"), "users", {
      apiId,
      authorizerType: "JWT",
      jwtConfiguration: { issuer: `https://${users.outputs["endpoint"]}`, audiences: [application] },
    });
    await world.declare(typeOf("Route"), "route", {
      apiId,
      routeKey: "GET /me",
      target: `integrations/${integration}`,
      authorizationType: "JWT",
      authorizerId,
    });
    await world.declare(typeOf("Stage"), "stage", { apiId, name: "$default", autoDeploy: true });
  });
  after(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const tokens = async (Username: string) => {
    const sdk = new CognitoIdentityProviderClient(world.client);
    const Password = "Correct-horse-1";
    await sdk.send(new AdminCreateUserCommand({ UserPoolId: pool, Username, MessageAction: "SUPPRESS" }));
    await sdk.send(new AdminSetUserPasswordCommand({ UserPoolId: pool, Username, Password, Permanent: true }));
    const { AuthenticationResult } = await sdk.send(
      new AdminInitiateAuthCommand({
        UserPoolId: pool,
        ClientId: application,
        AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: Username, PASSWORD: Password },
      }),
    );
    return AuthenticationResult;
  };
  const ask = (token = "") => fetch(`${endpoint}/me`, { headers: { authorization: `Bearer ${token}` } });

  const run = promisify(execFile);
  const command = async (...args: string[]) => {
    const root = resolve(__dirname, "../../..");
    const given = [
      "-r",
      "./local/engine/typescript.cjs",
      "commands/token.ts",
      "--endpoint",
      world.gateway.url,
      ...args,
    ];
    const { NODE_OPTIONS: _, ...env } = process.env;
    return run(process.execPath, given, { cwd: root, env }).then(
      ({ stdout, stderr }) => ({ stdout: stdout.trim(), stderr, code: 0 }),
      ({ stdout, stderr, code }: { stdout: string; stderr: string; code: number }) => ({ stdout, stderr, code }),
    );
  };

  it("is called with a token that a command prints, for a user who is made on demand", async () => {
    const { stdout } = await command("--user", "somebody");
    const answer = await ask(stdout);
    expect(answer.status).to.equal(200);
    expect(JSON.stringify(await answer.json())).to.include('"username":"somebody"');
    const { stdout: again } = await command("--user", "somebody", "--json");
    const issued = JSON.parse(again) as { api: string; IdToken: string };
    expect(issued.api).to.equal(endpoint);
    expect((await ask(issued.IdToken)).status).to.equal(200);
    const nowhere = await command("--stack", "prod");
    expect([nowhere.code, nowhere.stderr]).to.deep.equal([2, "Stack prod has no HTTP API that takes tokens\n"]);
  });

  it("believes their tokens, either kind, with keys that it fetched over TLS, for as long as they are good", async () => {
    const issued = await tokens("tester");
    const claimsBy = async (token: string | undefined) => {
      const answer = await ask(token);
      expect(answer.status).to.equal(200);
      const event = (await answer.json()) as { requestContext: { authorizer: { jwt: { claims: object } } } };
      return event.requestContext.authorizer.jwt.claims;
    };
    expect(await claimsBy(issued?.AccessToken)).to.include({ username: "tester", token_use: "access" });
    expect(await claimsBy(issued?.IdToken)).to.include({ "cognito:username": "tester", token_use: "id" });
    await world.cloud.clock.turnTo(world.cloud.clock.now() + hour + 1_000);
    expect((await ask(issued?.AccessToken)).status).to.equal(401);
  });
});
