import { expect } from "chai";
import type { ProgramRun, Resource } from "../../local/engine/program";
import { ofType, programOf, stacks } from "./program";

const only = (run: ProgramRun, type: string, name: string): Resource => {
  const found = ofType(run, type).find((resource) => resource.name === name);
  if (!found) throw new Error(`there is no ${type} ${name}`);
  return found;
};

/** Everything that must be there before `urn`, directly or through something else, components included. */
const prerequisites = (run: ProgramRun, { urn }: Resource): Set<string> => {
  const known = new Map(run.resources.map((resource) => [resource.urn, resource]));
  const reached = new Set<string>();
  const visit = (one: string) => {
    for (const dependency of known.get(one)?.dependencies ?? []) {
      if (reached.has(dependency)) continue;
      reached.add(dependency);
      visit(dependency);
    }
  };
  visit(urn);
  return reached;
};

describe("functions", () => {
  for (const stack of stacks) {
    it(`of ${stack} run on Node 24, arm64, traced, with logs that are kept for a while`, async () => {
      const run = await programOf({ stack });
      for (const { inputs, name } of ofType(run, "aws:lambda/function:Function")) {
        expect(inputs["runtime"], name).to.equal("nodejs24.x");
        expect(inputs["architectures"], name).to.deep.equal(["arm64"]);
        expect(inputs["tracingConfig"], name).to.deep.equal({ mode: "Active" });
        expect(inputs, name).not.to.have.any.keys("reservedConcurrentExecutions", "layers");
        const group = only(run, "aws:cloudwatch/logGroup:LogGroup", name);
        expect((inputs["loggingConfig"] as { logGroup: string }).logGroup).to.equal(group.inputs["name"]);
        expect(group.inputs["retentionInDays"]).to.equal(stack === "prod" ? 90 : 7);
      }
    });
  }

  it("have no secret and nothing unknown in their environment", async () => {
    for (const { inputs, name } of ofType(await programOf({ stack: "dev" }), "aws:lambda/function:Function")) {
      const { variables } = inputs["environment"] as { variables: Record<string, string> };
      for (const [variable, value] of Object.entries(variables)) {
        expect(variable, name).to.match(
          /_(TABLE|BUS_NAME|QUEUE_URL|DAYS|SECRET_ARN)$|^POWERTOOLS_(SERVICE_NAME|LOG_LEVEL)$/,
        );
        expect(value, `${name} ${variable}`).to.be.a("string").and.not.equal("");
      }
    }
  });

  it("are given every variable that their bundle reads, and no other", async () => {
    for (const { inputs, name } of ofType(await programOf({ stack: "dev" }), "aws:lambda/function:Function")) {
      const files = inputs["code"] as Record<string, string>;
      const bundle = Object.entries(files).find(([path]) => path.startsWith("processing/"))?.[1] ?? "";
      const { variables } = inputs["environment"] as { variables: Record<string, string> };
      const own = Object.keys(variables).filter((variable) => !variable.startsWith("POWERTOOLS_"));
      const read = new Set(
        [...bundle.matchAll(/\("([A-Z][A-Z_]+_(?:TABLE|NAME|URL|DAYS|ARN))"\)/g)].map(([, variable]) => variable),
      );
      expect(own.sort(), name).to.deep.equal([...read].filter((variable) => !variable?.startsWith("AWS_")).sort());
    }
  });

  it("reserve concurrency only where the stack asks for it", async () => {
    const run = await programOf({ stack: "dev", settings: { "signal9:reservedConcurrency": "5" } });
    for (const { inputs } of ofType(run, "aws:lambda/function:Function"))
      expect(inputs["reservedConcurrentExecutions"]).to.equal(5);
  });

  it("carry source maps only where the stack asks for them", async () => {
    const mapped = await programOf({ stack: "dev", settings: { "signal9:sourceMaps": "true" } });
    for (const { inputs } of ofType(mapped, "aws:lambda/function:Function")) {
      const files = Object.keys(inputs["code"] as object);
      expect(files).to.have.length(3);
      expect(files.filter((path) => path.endsWith(".js.map"))).to.have.length(1);
      expect((inputs["environment"] as { variables: Record<string, string> }).variables["NODE_OPTIONS"]).to.equal(
        "--enable-source-maps",
      );
    }
  });

  it("wait for their policy and their log group; mappings, targets and alarms for what lets them work", async () => {
    const run = await programOf({ stack: "dev" });
    const policy = (name: string) => only(run, "aws:iam/rolePolicy:RolePolicy", name).urn;
    for (const fn of ofType(run, "aws:lambda/function:Function")) {
      expect(prerequisites(run, fn), fn.name).to.include.keys(
        policy(fn.name),
        only(run, "aws:cloudwatch/logGroup:LogGroup", fn.name).urn,
      );
    }
    for (const mapping of ofType(run, "aws:lambda/eventSourceMapping:EventSourceMapping")) {
      expect(prerequisites(run, mapping), mapping.name).to.include.keys(policy(mapping.name));
    }
    for (const config of ofType(run, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")) {
      expect(prerequisites(run, config), config.name).to.include.keys(policy(config.name));
    }
    for (const target of ofType(run, "aws:cloudwatch/eventTarget:EventTarget")) {
      const admitted = ofType(run, "aws:sqs/queuePolicy:QueuePolicy").filter(({ name }) =>
        name.startsWith(target.name),
      );
      expect(admitted, target.name).to.have.length.greaterThan(0);
      expect(prerequisites(run, target), target.name).to.include.keys(admitted.map(({ urn }) => urn));
    }
    const topicPolicies = ofType(run, "aws:sns/topicPolicy:TopicPolicy").map(({ urn }) => urn);
    for (const alarm of ofType(run, "aws:cloudwatch/metricAlarm:MetricAlarm")) {
      expect(prerequisites(run, alarm), alarm.name).to.include.keys([
        ...topicPolicies,
        only(run, "aws:kms/key:Key", "topics").urn,
      ]);
    }
  });

  it("that run by the clock keep what they could not do", async () => {
    const run = await programOf({ stack: "dev" });
    const { inputs } = only(run, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "outbox-sweeper");
    expect(inputs["destinationConfig"]).to.deep.equal({
      onFailure: { destination: "arn:aws:sqs:us-east-1:123456789012:signal9-dev-outbox-sweeper-dlq" },
    });
    const permission = only(run, "aws:lambda/permission:Permission", "outbox-sweeper");
    expect(permission.inputs["sourceArn"]).to.equal(
      "arn:aws:events:us-east-1:123456789012:rule/signal9-dev-outbox-sweeper",
    );
  });
});
