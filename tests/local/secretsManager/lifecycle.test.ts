import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateSecretCommand,
  type CreateSecretCommandInput,
  DeleteSecretCommand,
  type DeleteSecretCommandInput,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { createSecretsManager } from "../../../local/secretsManager/service";
import { startTestCloud, type TestCloud } from "../cloud";

const dayMs = 86_400_000;
const marked = "You can't perform this operation on the secret because it was marked for deletion.";

describe("secrets that calls make and delete", () => {
  let folder: string;
  let worlds: TestCloud[];
  let world: TestCloud;
  let client: SecretsManagerClient;

  /** A cloud over the same file as the one before it. */
  const open = async (): Promise<void> => {
    world = await startTestCloud((cloud) => [createSecretsManager(cloud, { journal: join(folder, "secrets.jsonl") })]);
    worlds.push(world);
    client = new SecretsManagerClient(world.client);
  };
  const declare = async (secretString = "declared") => {
    const { outputs } = await world.declare("aws:secretsmanager/secret:Secret", "program", { name: "program" });
    const secretId = outputs["arn"];
    await world.declare("aws:secretsmanager/secretVersion:SecretVersion", "program", { secretId, secretString });
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "signal9-secrets-"));
    worlds = [];
    await open();
  });
  afterEach(async () => {
    for (const one of worlds) await one.close();
    rmSync(folder, { recursive: true });
  });

  const create = (Name: string | undefined, more: Partial<CreateSecretCommandInput> = {}) =>
    client.send(new CreateSecretCommand({ Name, SecretString: "first", ...more }));
  const remove = (SecretId: string, more: Partial<DeleteSecretCommandInput> = {}) =>
    client.send(new DeleteSecretCommand({ SecretId, ...more }));
  const restore = (SecretId: string) => client.send(new RestoreSecretCommand({ SecretId }));
  const value = async (SecretId: string) => (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  const names = async (IncludePlannedDeletion?: boolean) =>
    (await client.send(new ListSecretsCommand({ IncludePlannedDeletion }))).SecretList?.map(({ Name }) => Name);
  const refusal = async (work: Promise<unknown>): Promise<[string, string]> => {
    const error: Error = await work.then(
      () => expect.fail("it was not refused"),
      (thrown) => thrown,
    );
    return [error.name, error.message];
  };
  const notFound = ["ResourceNotFoundException", "Secrets Manager can't find the specified secret."];

  it("are made with a text, with bytes, or empty", async () => {
    const ClientRequestToken = "t".repeat(32);
    const made = await create("app/key", { Description: "a key", ClientRequestToken });
    expect(made).to.deep.include({ Name: "app/key", VersionId: ClientRequestToken });
    expect(made.ARN).to.match(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:app\/key-\w{6}$/);
    expect(await value(made.ARN ?? "")).to.equal("first");
    expect(await client.send(new DescribeSecretCommand({ SecretId: "app/key" }))).to.deep.include({
      Description: "a key",
      VersionIdsToStages: { [ClientRequestToken]: ["AWSCURRENT"] },
    });

    const SecretBinary = Buffer.from([0, 255, 7]);
    await create("bytes", { SecretString: undefined, SecretBinary });
    const bytes = await client.send(new GetSecretValueCommand({ SecretId: "bytes" }));
    expect(Buffer.from(bytes.SecretBinary ?? [])).to.deep.equal(SecretBinary);
    expect(bytes).not.to.have.property("SecretString");

    expect(await create("empty", { SecretString: undefined })).not.to.have.property("VersionId");
    expect(await client.send(new DescribeSecretCommand({ SecretId: "empty" }))).not.to.have.property(
      "VersionIdsToStages",
    );
    expect(await refusal(value("empty"))).to.deep.equal([
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    ]);
    await client.send(new PutSecretValueCommand({ SecretId: "empty", SecretBinary }));
    await client.send(new PutSecretValueCommand({ SecretId: "empty", SecretString: "filled" }));
    expect(await value("empty")).to.equal("filled");
  });

  it("are made once, also by a request that is repeated", async () => {
    const ClientRequestToken = "t".repeat(32);
    const { ARN } = await create("key", { ClientRequestToken });
    expect((await create("key", { ClientRequestToken })).ARN).to.equal(ARN);
    expect(await refusal(create("key", { ClientRequestToken, SecretString: "other" }))).to.deep.equal([
      "ResourceExistsException",
      `You can't use ClientRequestToken ${ClientRequestToken} because that value is already in use for a version of secret ${ARN}.`,
    ]);
    expect(await refusal(create("key"))).to.deep.equal([
      "ResourceExistsException",
      "The operation failed because the secret key already exists.",
    ]);
    const declared = world.declare("aws:secretsmanager/secret:Secret", "key", { name: "key" });
    expect((await refusal(declared))[1]).to.include("The operation failed because the secret key already exists.");
  });

  it("can be restored as long as their window is open", async () => {
    const { ARN } = await create("key");
    const { DeletionDate } = await remove("key", { RecoveryWindowInDays: 7 });
    expect(DeletionDate?.getTime()).to.be.closeTo(world.cloud.clock.now() + 7 * dayMs, 60_000);
    for (const work of [
      () => value("key"),
      () => client.send(new PutSecretValueCommand({ SecretId: "key", SecretString: "x" })),
      () => remove("key"),
    ]) {
      expect(await refusal(work())).to.deep.equal(["InvalidRequestException", marked]);
    }
    expect(await refusal(create("key"))).to.deep.equal([
      "InvalidRequestException",
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    ]);
    expect((await client.send(new DescribeSecretCommand({ SecretId: "key" }))).DeletedDate).to.deep.equal(DeletionDate);
    expect([await names(), await names(true)]).to.deep.equal([[], ["key"]]);
    expect(await restore("key")).to.deep.include({ ARN, Name: "key" });
    expect(await value("key")).to.equal("first");
    const { DeletionDate: byDefault } = await remove("key");
    expect(byDefault?.getTime()).to.be.closeTo(world.cloud.clock.now() + 30 * dayMs, 60_000);
    await world.cloud.clock.turnTo(world.cloud.clock.now() + 30 * dayMs + 1_000, () => world.cloud.activity.idle());
    expect(await refusal(restore("key"))).to.deep.equal(notFound);
    await create("key", { SecretString: "again" });
    expect(await value("key")).to.equal("again");
  });

  it("are gone at once where that is forced, which asks for nothing to be there", async () => {
    await create("key");
    await remove("key");
    await remove("key", { ForceDeleteWithoutRecovery: true });
    expect(await refusal(value("key"))).to.deep.equal(notFound);
    expect((await remove("nothing", { ForceDeleteWithoutRecovery: true })).Name).to.equal("nothing");
    expect(await refusal(remove("nothing"))).to.deep.equal(notFound);
  });

  it("are refused in AWS's words, and by name where a parameter does nothing here", async () => {
    const invalid = "InvalidParameterException";
    const name =
      "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!";
    const binary = Buffer.from("x");
    const cases: [work: Promise<unknown>, name: string, message: string][] = [
      [create("a b"), "ValidationException", name],
      [create(undefined), "ValidationException", name],
      [
        create("key", { SecretBinary: binary }),
        invalid,
        "You can't specify both a binary secret value and a string secret value in the same secret.",
      ],
      [create("key", { ClientRequestToken: "short" }), invalid, "ClientRequestToken must be 32-64 characters long."],
      ...[6, 31].map((RecoveryWindowInDays): [Promise<unknown>, string, string] => [
        remove("key", { RecoveryWindowInDays }),
        invalid,
        "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
      ]),
      [
        remove("key", { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true }),
        invalid,
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      ],
      [
        create("key", { Tags: [] }),
        "NotImplemented",
        "The embedded cloud does not support the parameter Tags of secretsmanager:CreateSecret.",
      ],
      [
        client.send(new ListSecretsCommand({ MaxResults: 1 })),
        "NotImplemented",
        "The embedded cloud does not support the parameter MaxResults of secretsmanager:ListSecrets.",
      ],
    ];
    expect(await Promise.all(cases.map(([work]) => refusal(work)))).to.deep.equal(
      cases.map(([, kind, message]) => [kind, message]),
    );
    const raw = await fetch(world.gateway.url, {
      method: "POST",
      headers: {
        "x-amz-target": "secretsmanager.CreateSecret",
        authorization:
          "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: JSON.stringify({ Name: "key", SecretString: "x" }),
    });
    expect([raw.status, await raw.json()]).to.deep.equal([
      400,
      {
        __type: "InvalidRequestException",
        message: "You must provide a ClientRequestToken value. We recommend a UUID-type value.",
      },
    ]);
  });

  it("need permission for the very name", async () => {
    const Resource = "arn:aws:secretsmanager:us-east-1:123456789012:secret:app/*";
    const maker = new SecretsManagerClient(world.asRole([{ Action: "secretsmanager:*", Resource }]));
    await maker.send(new CreateSecretCommand({ Name: "app/key", SecretString: "x" }));
    await maker.send(new DeleteSecretCommand({ SecretId: "app/key" }));
    await maker.send(new RestoreSecretCommand({ SecretId: "app/key" }));
    for (const command of [
      new CreateSecretCommand({ Name: "key", SecretString: "x" }),
      new DeleteSecretCommand({ SecretId: "key" }),
      new RestoreSecretCommand({ SecretId: "key" }),
    ]) {
      expect((await refusal(maker.send(command as CreateSecretCommand)))[0]).to.equal("AccessDeniedException");
    }
  });

  it("go with a reset, which brings back what the program declared", async () => {
    await declare();
    await create("key");
    await remove("program", { ForceDeleteWithoutRecovery: true });
    expect(await refusal(create("program"))).to.deep.equal([
      "NotImplemented",
      "The embedded cloud does not support a new secret program in place of the program's, which is deleted.",
    ]);
    await world.reset();
    expect([await names(true), await value("program")]).to.deep.equal([["program"], "declared"]);
  });

  it("are there after a restart, as deleted as they were", async () => {
    await declare();
    await create("key", { Description: "a key" });
    await create("deleted");
    await create("forced");
    await create("twice");
    await create("bytes", { SecretString: undefined, SecretBinary: Buffer.from([255]) });
    await remove("deleted");
    await remove("twice");
    await restore("twice");
    await remove("forced", { ForceDeleteWithoutRecovery: true });
    await remove("program");
    for (const restart of [1, 2]) {
      await open();
      expect([restart, await names(), await names(true)]).to.deep.equal([
        restart,
        ["key", "twice", "bytes"],
        ["key", "deleted", "twice", "bytes"],
      ]);
    }
    expect(readFileSync(join(folder, "secrets.jsonl"), "utf8")).not.to.include('"forced"');
    expect((await client.send(new DescribeSecretCommand({ SecretId: "key" }))).Description).to.equal("a key");
    const bytes = await client.send(new GetSecretValueCommand({ SecretId: "bytes" }));
    expect([...(bytes.SecretBinary ?? [])]).to.deep.equal([255]);
    expect(await refusal(value("deleted"))).to.deep.equal(["InvalidRequestException", marked]);
    await declare();
    expect(await value("program")).to.equal("declared");
    await open();
    await declare();
    expect(await value("program")).to.equal("declared");
  });
});
