import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import type { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzeDiagnostic, AnalyzeResponse, AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { expect } from "chai";
import type { Resource } from "../../infra/policy/resource";
import { rules } from "../../infra/policy/rules";
import { programOf, stacks } from "./program";

const pulumi = require.resolve("@pulumi/pulumi/package.json");
const ofPulumi = createRequire(pulumi);
const { credentials } = ofPulumi("@grpc/grpc-js") as { credentials: { createInsecure: () => never } };
const { Struct } = ofPulumi("google-protobuf/google/protobuf/struct_pb.js") as {
  Struct: { fromJavaScript: (of: unknown) => never };
};
const { Empty } = ofPulumi("google-protobuf/google/protobuf/empty_pb.js") as { Empty: new () => never };
const client = ofPulumi("./proto/analyzer_grpc_pb") as { AnalyzerClient: typeof AnalyzerClient };
const messages = ofPulumi("./proto/analyzer_pb") as typeof import("@pulumi/pulumi/proto/analyzer_pb");

const mandatory = 1;

/** The pack as Pulumi's CLI starts it: by Pulumi's own host of packs, in the pack's folder. */
const startPack = async (): Promise<{ host: ChildProcess; analyzer: AnalyzerClient }> => {
  const host = spawn(process.execPath, [resolve(pulumi, "../cmd/run-policy-pack/index.js"), "127.0.0.1:1", "."], {
    cwd: resolve(__dirname, "../../infra/policy"),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  host.stderr?.on("data", (chunk) => {
    complaint += chunk;
  });
  const ended = once(host, "exit").then(([code]) => {
    throw new Error(`the pack ended with ${code}: ${complaint}`);
  });
  const [port] = await Promise.race([once(host.stdout ?? host, "data"), ended]);
  ended.catch(() => undefined);
  return {
    host,
    analyzer: new client.AnalyzerClient(`127.0.0.1:${String(port).trim()}`, credentials.createInsecure()),
  };
};

const asked = (resources: readonly Resource[]) => {
  const request = new messages.AnalyzeStackRequest();
  request.setResourcesList(
    resources.map(({ type, name, props }, at) => {
      const one = new messages.AnalyzerResource();
      one.setType(type);
      one.setName(name);
      one.setUrn(`urn:pulumi:dev::signal9::${type}::${name}-${at}`);
      one.setProperties(Struct.fromJavaScript(JSON.parse(JSON.stringify(props))));
      one.setOptions(new messages.AnalyzerResourceOptions());
      return one;
    }),
  );
  return request;
};

describe("the policy pack, in Pulumi's own host", function () {
  this.timeout(120_000);
  let pack: Awaited<ReturnType<typeof startPack>>;

  const call = <Answer>(ask: (done: (error: Error | null, answer: Answer) => void) => unknown): Promise<Answer> =>
    new Promise((done, failed) => ask((error, answer) => (error ? failed(error) : done(answer))));
  const analyze = async (resources: readonly Resource[]): Promise<AnalyzeDiagnostic[]> => {
    const answer = await call<AnalyzeResponse>((done) => pack.analyzer.analyzeStack(asked(resources), done));
    return answer.getDiagnosticsList();
  };

  before(async () => {
    pack = await startPack();
  });
  after(() => {
    pack.analyzer.close();
    pack.host.kill();
  });

  it("has every rule, and each is mandatory", async () => {
    const info = await call<AnalyzerInfo>((done) => pack.analyzer.getAnalyzerInfo(new Empty(), done));
    const policies = info.getPoliciesList().map((policy) => [policy.getName(), policy.getEnforcementlevel()]);
    expect(policies).to.deep.equal(rules.map(({ name }) => [name, mandatory]));
  });

  for (const stack of stacks) {
    it(`lets ${stack} pass, and refuses a security group that is open to everybody`, async () => {
      const { resources } = await programOf({ stack });
      const declared = resources.map(({ type, name, inputs }) => ({ type, name, props: inputs }));
      expect((await analyze(declared)).map((one) => one.getMessage())).to.deep.equal([]);
      const open = {
        type: "aws:ec2/securityGroup:SecurityGroup",
        name: "open",
        props: { ingress: [{ cidrBlocks: ["0.0.0.0/0"] }] },
      };
      const found = (await analyze([open])).map((one) => [
        one.getPolicyname(),
        one.getEnforcementlevel(),
        one.getMessage().split("\n").at(-1),
      ]);
      expect(found).to.deep.equal([
        ["open-security-group", mandatory, "aws:ec2/securityGroup:SecurityGroup open lets the whole internet in"],
      ]);
    });
  }
});
