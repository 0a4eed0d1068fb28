import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { build } from "esbuild";
import { createElastiCache, type ElastiCache } from "../../../local/elastiCache/service";
import { compilePolicy } from "../../../local/iam/policy";
import { createLambda, type Lambda } from "../../../local/lambda/service";
import { createSecretsManager } from "../../../local/secretsManager/service";
import { startTestCloud, type TestCloud } from "../cloud";
import { testQueue } from "../lambda/queue";
import { aFunction, archiveOf, functionType, roleArn } from "../lambda/serviceWorld";
import { aGroup, groupType, parametersType, someParameters, subnetsType, token } from "./world";

const handler = `
  import { getCached, putCached } from "./cache";
  import { makeMeter } from "../observe/metrics";
  const log = { warn: (text, about) => console.log(text, about.reason), info: (text) => console.log(text) };
  exports.handler = async (value) => {
    const counted = [];
    const run = { now: Date.now, log, meter: { add: (name) => counted.push(name) } };
    await putCached("data:AAPL:earnings", value, 3600, run);
    return { cached: await getCached("data:AAPL:earnings", run), counted };
  };`;

const bundled = async (): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: handler, resolveDir: resolve(__dirname, "../../../functions/processing/cache"), loader: "ts" },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    mainFields: ["module", "main"],
  });
  return outputFiles[0]?.text ?? "";
};

describe("a function with a cache", () => {
  let world: TestCloud;
  let lambda: Lambda;
  let elastiCache: ElastiCache;
  let workFolder: string;
  const logs: string[] = [];

  before(async () => {
    workFolder = await mkdtemp(join(tmpdir(), "elasticache-function-"));
    world = await startTestCloud((cloud) => {
      elastiCache = createElastiCache(cloud, { workFolder });
      lambda = createLambda(cloud, {
        workDir: join(workFolder, "functions"),
        source: testQueue(cloud).source,
        onLog: (_group, _stream, { message }) => logs.push(message),
        trusted: elastiCache.certificate,
      });
      return [elastiCache, lambda, createSecretsManager(cloud)];
    });
    await world.declare(parametersType, "parameters", someParameters({}));
    await world.declare(subnetsType, "subnets", { name: "subnets", subnetIds: ["subnet-1"] });
    const { outputs } = await world.declare(groupType, "cache", aGroup());
    const secret = await world.declare("aws:secretsmanager/secret:Secret", "cache", { name: "cache" });
    await world.declare("aws:secretsmanager/secretVersion:SecretVersion", "cache", {
      secretId: secret.id,
      secretString: JSON.stringify({ token }),
    });
    const allowed = { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: String(secret.id) };
    const document = { Version: "2012-10-17", Statement: [allowed] };
    world.cloud.putRolePolicy(roleArn, "secret", compilePolicy(document, { name: "secret", kind: "identity" }));
    const variables = {
      CACHE_HOST: outputs["primaryEndpointAddress"],
      CACHE_PORT: String(outputs["port"]),
      CACHE_SECRET_ARN: secret.id,
    };
    const code = archiveOf(await bundled());
    await world.declare(functionType, "cached", aFunction("cached", "", { code, environment: { variables } }));
  });
  after(async () => {
    await world.close();
    await rm(workFolder, { recursive: true, force: true });
  });

  const call = async (value: unknown): Promise<unknown> => {
    const from = world.cloud.principalOf("local");
    const result = await lambda.invoke("cached", Buffer.from(JSON.stringify(value)), { from });
    return result.kind === "success" ? JSON.parse(result.payload.toString()) : result;
  };

  it("reads the token, trusts the certificate, and finds what it put there", async () => {
    expect(await call({ eps: 1.57 })).to.deep.equal({ cached: { eps: 1.57 }, counted: ["CacheHits"] });
    expect(logs.filter((line) => line.includes("the cache"))).to.deep.equal([]);
  });

  it("goes on without it while it is down", async () => {
    await elastiCache.stop();
    expect(await call({ eps: 2 })).to.deep.equal({ counted: ["CacheFailures", "CacheFailures"] });
    expect(logs.filter((line) => line.includes("the cache does not answer"))).to.have.length(1);
  });
});
