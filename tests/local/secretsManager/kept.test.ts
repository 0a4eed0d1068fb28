import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { createSecretsManager } from "../../../local/secretsManager/service";
import { startTestCloud, type TestCloud } from "../cloud";

describe("secrets that are kept in a file", () => {
  let folder: string;
  let worlds: TestCloud[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-secrets-"));
    worlds = [];
  });
  afterEach(async () => {
    for (const world of worlds) await world.close();
    rmSync(folder, { recursive: true });
  });

  /** The program over the same file, with this value of its secret; the one before it just stops being asked. */
  const open = async (declared?: string) => {
    const world = await startTestCloud((cloud) => [
      createSecretsManager(cloud, { journal: join(folder, "secrets.jsonl") }),
    ]);
    worlds.push(world);
    const { outputs } = await world.declare("aws:secretsmanager/secret:Secret", "key", { name: "key" });
    if (declared !== undefined) {
      await world.declare("aws:secretsmanager/secretVersion:SecretVersion", "key", {
        secretId: outputs["arn"],
        secretString: declared,
      });
    }
    const client = new SecretsManagerClient(world.client);
    return {
      world,
      value: async (VersionStage = "AWSCURRENT") =>
        (await client.send(new GetSecretValueCommand({ SecretId: "key", VersionStage }))).SecretString,
      put: async (SecretString: string) =>
        (await client.send(new PutSecretValueCommand({ SecretId: "key", SecretString }))).VersionId ?? "",
      stages: async () => (await client.send(new DescribeSecretCommand({ SecretId: "key" }))).VersionIdsToStages ?? {},
      createdAt: async () => (await client.send(new DescribeSecretCommand({ SecretId: "key" }))).CreatedDate,
    };
  };

  it("have after a restart what was put at run time, over the same declared value", async () => {
    const first = await open("declared");
    const id = await first.put("put");
    const second = await open("declared");
    expect([await second.value(), await second.value("AWSPREVIOUS")]).to.deep.equal(["put", "declared"]);
    expect(await second.stages()).to.deep.equal(await first.stages());
    expect((await second.stages())[id]).to.deep.equal(["AWSCURRENT"]);
    expect(await second.createdAt()).to.deep.equal(await first.createdAt());
  });

  it("take over a value that was declared anew", async () => {
    const first = await open("declared");
    await first.put("put");
    const second = await open("declared anew");
    expect([await second.value(), await second.value("AWSPREVIOUS")]).to.deep.equal(["declared anew", "put"]);
    const third = await open("declared anew");
    expect(Object.keys(await third.stages())).to.have.length(3);
    expect(await third.value()).to.equal("declared anew");
  });

  it("are there for their owner only, and no more after a reset", async () => {
    const first = await open("declared");
    await first.put("put");
    const path = join(folder, "secrets.jsonl");
    expect(readdirSync(folder)).to.deep.equal(["secrets.jsonl"]);
    expect((statSync(path).mode & 0o777).toString(8)).to.equal("600");
    await first.world.reset();
    expect(readFileSync(path, "utf8")).not.to.include('"put"');
    expect(await (await open("declared")).value()).to.equal("declared");
  });

  it("have no more than a hundred versions beside the declared one", async () => {
    const first = await open("declared");
    for (let at = 0; at < 105; at++) await first.put(`put ${at}`);
    const second = await open("declared");
    expect([await second.value(), Object.keys(await second.stages()).length]).to.deep.equal(["put 104", 101]);
  });

  it("without a declared value are there as well", async () => {
    await (await open()).put("put");
    expect(await (await open()).value()).to.equal("put");
  });
});
