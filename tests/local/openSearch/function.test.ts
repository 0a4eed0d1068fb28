import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { build } from "esbuild";
import { sharedCertificate } from "../../../local/certificate/certificate";
import { compilePolicy } from "../../../local/iam/policy";
import { createLambda, type Lambda } from "../../../local/lambda/service";
import { createOpenSearch } from "../../../local/openSearch/service";
import { startTestCloud, type TestCloud } from "../cloud";
import { testQueue } from "../lambda/queue";
import { aFunction, archiveOf, functionType, roleArn } from "../lambda/serviceWorld";
import { aDomain, domainArn, domainType } from "./world";

const handler = `
  import { Client } from "@opensearch-project/opensearch";
  import { AwsSigv4Signer } from "@opensearch-project/opensearch/aws-v3";
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, SEARCH_ENDPOINT } = process.env;
  const getCredentials = async () => ({
    accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken: AWS_SESSION_TOKEN,
  });
  const client = new Client({
    ...AwsSigv4Signer({ region: AWS_REGION, service: "es", getCredentials }),
    node: "https://" + SEARCH_ENDPOINT,
  });
  exports.handler = async (body) => {
    const mappings = { dynamic: "strict", properties: { name: { type: "keyword" } } };
    await client.indices.create({ index: "assets", body: { mappings } });
    await client.index({ index: "assets", id: "1", body, refresh: true });
    return (await client.search({ index: "assets" })).body.hits.hits.map((hit) => hit._source);
  };`;

const bundled = async (): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: handler, resolveDir: resolve(__dirname), loader: "ts" },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    mainFields: ["module", "main"],
  });
  return outputFiles[0]?.text ?? "";
};

describe("a function with a search domain", () => {
  let world: TestCloud;
  let lambda: Lambda;
  let workFolder: string;

  before(async () => {
    workFolder = await mkdtemp(join(tmpdir(), "opensearch-function-"));
    const certificate = sharedCertificate(workFolder);
    world = await startTestCloud((cloud) => {
      lambda = createLambda(cloud, {
        workDir: join(workFolder, "functions"),
        source: testQueue(cloud).source,
        onLog: () => undefined,
        trusted: async () => (await certificate()).certificate,
      });
      return [lambda, createOpenSearch(cloud, { certificate })];
    });
    const masterUserOptions = { masterUserArn: roleArn };
    const { outputs } = await world.declare(
      domainType,
      "search",
      aDomain({ advancedSecurityOptions: { enabled: true, masterUserOptions } }),
    );
    const allowed = { Effect: "Allow", Action: "es:ESHttp*", Resource: `${domainArn}/*` };
    const document = { Version: "2012-10-17", Statement: [allowed] };
    world.cloud.putRolePolicy(roleArn, "search", compilePolicy(document, { name: "search", kind: "identity" }));
    const variables = { SEARCH_ENDPOINT: outputs["endpoint"] };
    const code = archiveOf(await bundled());
    await world.declare(functionType, "searching", aFunction("searching", "", { code, environment: { variables } }));
  });
  after(async () => {
    await world.close();
    await rm(workFolder, { recursive: true, force: true });
  });

  it("trusts its certificate, and is known there by its role", async () => {
    const from = world.cloud.principalOf("local");
    const result = await lambda.invoke("searching", Buffer.from(JSON.stringify({ name: "Apple" })), { from });
    if (result.kind !== "success") throw new Error(`it failed: ${JSON.stringify(result)}`);
    expect(JSON.parse(result.payload.toString())).to.deep.equal([{ name: "Apple" }]);
  });
});
