import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { createSecretsManager } from "../../../local/secretsManager/service";
import { startTestCloud, type TestCloud } from "../cloud";

describe("Secrets Manager on the embedded cloud", () => {
  let world: TestCloud;
  let client: SecretsManagerClient;
  let arn: string;
  before(async () => {
    world = await startTestCloud((cloud) => [createSecretsManager(cloud)]);
    client = new SecretsManagerClient(world.client);
    const secret = await world.declare("aws:secretsmanager/secret:Secret", "key", {
      name: "key",
      description: "a key",
      recoveryWindowInDays: 0,
    });
    arn = String(secret.outputs["arn"]);
    await world.declare("aws:secretsmanager/secretVersion:SecretVersion", "key", {
      secretId: arn,
      secretString: "first",
    });
  });
  after(() => world.close());

  const failure = (work: Promise<unknown>): Promise<Error> =>
    work.then(
      () => Promise.reject(new Error("it succeeded")),
      (error) => error,
    );

  it("gives a secret by name and by ARN, which ends in six characters of its own", async () => {
    expect(arn).to.match(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:key-\w{6}$/);
    for (const SecretId of ["key", arn]) {
      const value = await client.send(new GetSecretValueCommand({ SecretId }));
      expect(value).to.deep.include({ ARN: arn, Name: "key", SecretString: "first", VersionStages: ["AWSCURRENT"] });
    }
    expect((await client.send(new DescribeSecretCommand({ SecretId: "key" }))).Description).to.equal("a key");
    expect((await client.send(new ListSecretsCommand({}))).SecretList?.map(({ Name }) => Name)).to.deep.equal(["key"]);
  });

  it("keeps the previous version when the value changes", async () => {
    const { VersionId } = await client.send(new PutSecretValueCommand({ SecretId: "key", SecretString: "second" }));
    expect((await client.send(new GetSecretValueCommand({ SecretId: "key" }))).SecretString).to.equal("second");
    expect((await client.send(new GetSecretValueCommand({ SecretId: "key", VersionId }))).SecretString).to.equal(
      "second",
    );
    const previous = await client.send(new GetSecretValueCommand({ SecretId: "key", VersionStage: "AWSPREVIOUS" }));
    expect(previous.SecretString).to.equal("first");
    const notThere = "Secrets Manager can't find the specified secret value for";
    expect(
      (await failure(client.send(new GetSecretValueCommand({ SecretId: "key", VersionStage: "OTHER" })))).message,
    ).to.equal(`${notThere} staging label: OTHER`);
    const id = "v".repeat(32);
    expect(
      (await failure(client.send(new GetSecretValueCommand({ SecretId: "key", VersionId: id })))).message,
    ).to.equal(`${notThere} VersionId: ${id}`);
    expect(await failure(client.send(new PutSecretValueCommand({ SecretId: "key" })))).to.include({
      name: "InvalidRequestException",
      message: "You must provide either SecretString or SecretBinary.",
    });
  });

  it("lets a role read what its policy names, and tells others nothing", async () => {
    const reader = new SecretsManagerClient(world.asRole([{ Action: "secretsmanager:GetSecretValue", Resource: arn }]));
    await reader.send(new GetSecretValueCommand({ SecretId: "key" }));
    expect((await failure(reader.send(new DescribeSecretCommand({ SecretId: "key" })))).name).to.equal(
      "AccessDeniedException",
    );
    const denied = await failure(reader.send(new GetSecretValueCommand({ SecretId: "other" })));
    expect(denied).to.include({ name: "AccessDeniedException" });
    expect(denied).to.have.nested.property("$metadata.httpStatusCode", 400);
    expect(await failure(client.send(new GetSecretValueCommand({ SecretId: "other" })))).to.include({
      name: "ResourceNotFoundException",
      message: "Secrets Manager can't find the specified secret.",
    });
  });

  it("goes back to the declared value on reset, and knows a repeated request by its token", async () => {
    const ClientRequestToken = "t".repeat(32);
    const put = (SecretString: string) =>
      client.send(new PutSecretValueCommand({ SecretId: "key", SecretString, ClientRequestToken }));
    await put("third");
    await put("third");
    expect(await failure(put("fourth"))).to.include({
      name: "ResourceExistsException",
      message: `You can't use ClientRequestToken ${ClientRequestToken} because that value is already in use for a version of secret ${arn}.`,
    });
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: "key" }));
    expect(VersionIdsToStages[ClientRequestToken]).to.deep.equal(["AWSCURRENT"]);
    await world.reset();
    expect((await client.send(new GetSecretValueCommand({ SecretId: "key" }))).SecretString).to.equal("first");
  });

  it("refuses a property it does not know", async () => {
    const error = await failure(
      world.declare("aws:secretsmanager/secret:Secret", "odd", { name: "odd", replicas: [] }),
    );
    expect(error.message).to.include("property replicas is not supported");
  });
});
