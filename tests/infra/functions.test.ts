import { expect } from "chai";
import { dataTypes } from "../../functions/processing/fundamentals/dataTypes";
import type { ProgramRun, Resource } from "../../local/engine/program";
import { ofType, optionalSettings, prerequisites, programOf, stacks, variablesOf } from "./program";
import type { Recording } from "./record";

const only = (run: ProgramRun, type: string, name: string): Resource => {
  const found = ofType(run, type).find((resource) => resource.name === name);
  if (!found) throw new Error(`there is no ${type} ${name}`);
  return found;
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
        const { logGroup } = inputs["loggingConfig"] as { logGroup: string };
        expect(logGroup).to.equal(`/aws/lambda/signal9-${stack}-${name}`);
        const group = ofType(run, "aws:cloudwatch/logGroup:LogGroup").find((one) => one.inputs["name"] === logGroup);
        expect(group?.inputs["retentionInDays"], name).to.equal(stack === "prod" ? 90 : 7);
      }
    });
  }

  /** Variables of the platform: by what they end in, it shows what they hold. */
  const ours =
    /^(?!AWS_|NODE_|POWERTOOLS_)[A-Z_]+_(TABLE|BUCKET|BUS_NAME|QUEUE_URL|DAYS|ARN|URL|ENDPOINT|HOST|PORT|PREFIX|CALLS|SHARDS|SAMPLE|PER_[A-Z]+)$|^ENABLE_[A-Z_]+$|^(WATCHLIST|SCHEDULES|EMBEDDER|PROVIDERS_ASKED|DEBUG_LOG_PERCENT)$/;
  /** Told where the domain is when it is invoked: it is there before the domain. */
  const toldOtherwise: Record<string, string[]> = { "create-indices": ["SEARCH_ENDPOINT"] };
  const givenWhereSet = [
    "ALPACA_SECRET_ARN",
    "ALPHA_VANTAGE_SECRET_ARN",
    "PROVIDERS_ASKED",
    "WATCHLIST",
    "DIRECT_TRIGGERS_QUEUE_URL",
  ];

  /** By function: the variables that it is given, and those that its bundle reads. */
  const givenAndRead = async (recording: Recording) =>
    ofType(await programOf(recording), "aws:lambda/function:Function").map((one) => {
      const files = one.inputs["code"] as Record<string, string>;
      const bundle = Object.entries(files).find(([path]) => path.startsWith("processing/"))?.[1] ?? "";
      // A table's variable may be named in one place, and read in another.
      const read = [...bundle.matchAll(/\("([A-Z][A-Z_]+)"\)|process\.env\.([A-Z_]+)|"([A-Z][A-Z_]+_TABLE)"/g)].flatMap(
        ([, asked, direct, named]) => asked ?? direct ?? named ?? [],
      );
      // Where the type of the data decides, it is one table for each.
      const tables = /\$\{[^}]*\}_TABLE/.test(bundle) ? dataTypes.map((type) => `${type.toUpperCase()}_TABLE`) : [];
      return {
        name: one.name,
        given: Object.keys(variablesOf(one)).filter((variable) => !variable.startsWith("POWERTOOLS_")),
        read: [...new Set([...read, ...tables])].filter(
          (variable) => ours.test(variable) && !toldOtherwise[one.name]?.includes(variable),
        ),
      };
    });

  it("have no secret and nothing empty in their environment", async () => {
    for (const one of ofType(
      await programOf({ stack: "dev", settings: optionalSettings }),
      "aws:lambda/function:Function",
    )) {
      for (const [variable, value] of Object.entries(variablesOf(one))) {
        expect(variable, one.name).to.match(new RegExp(`${ours.source}|^POWERTOOLS_(SERVICE_NAME|LOG_LEVEL)$`));
        expect(value, `${one.name} ${variable}`).to.be.a("string").and.not.equal("").and.not.include("marked-");
      }
    }
  });

  it("are given every variable that their bundle reads, and no other", async () => {
    for (const { name, given, read } of await givenAndRead({ stack: "dev", settings: optionalSettings }))
      expect(given.sort(), name).to.deep.equal(read.sort());
  });

  it("lack only what belongs to a setting that was left empty", async () => {
    for (const { name, given, read } of await givenAndRead({ stack: "dev" }))
      expect(given.sort(), name).to.deep.equal(read.filter((variable) => !givenWhereSet.includes(variable)).sort());
  });

  it("have variables that fit into what Lambda has for them, with the longest watchlist that the settings take", async () => {
    // 2,999 characters with the spaces between them.
    const watchlist = JSON.stringify(Array.from({ length: 750 }, (_, at) => String(at + 100)));
    for (const stack of stacks) {
      const settings = { ...optionalSettings, "signal9:watchlist": watchlist };
      for (const one of ofType(await programOf({ stack, settings }), "aws:lambda/function:Function")) {
        const size = Buffer.byteLength(JSON.stringify(variablesOf(one)));
        expect(size, one.name).to.be.at.most(4_096);
      }
    }
  });

  it("reserve concurrency only where the stack asks for it", async () => {
    const run = await programOf({ stack: "dev", settings: { "signal9:reservedConcurrency": "5" } });
    for (const { inputs } of ofType(run, "aws:lambda/function:Function"))
      expect(inputs["reservedConcurrentExecutions"]).to.equal(5);
  });

  it("ask for no module by import(), which would load all that node:http can export before the first call", async () => {
    const run = await programOf({ stack: "dev" });
    for (const { name, inputs } of ofType(run, "aws:lambda/function:Function"))
      for (const [path, code] of Object.entries(inputs["code"] as Record<string, string>))
        expect(code.match(/\bimport\([^)]*\)/g) ?? [], `${name} ${path}`).to.deep.equal([]);
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
    const groups = new Map(
      ofType(run, "aws:cloudwatch/logGroup:LogGroup").map(({ inputs, urn }) => [inputs["name"], urn]),
    );
    for (const fn of ofType(run, "aws:lambda/function:Function")) {
      expect(prerequisites(run, fn), fn.name).to.include.keys(
        policy(fn.name),
        groups.get(`/aws/lambda/signal9-dev-${fn.name}`) ?? expect.fail(`${fn.name} has no log group`),
      );
    }
    for (const mapping of ofType(run, "aws:lambda/eventSourceMapping:EventSourceMapping")) {
      const user = String(mapping.inputs["functionName"]).split(":function:signal9-dev-").at(-1) ?? "";
      expect(prerequisites(run, mapping), mapping.name).to.include.keys(policy(user));
    }
    for (const config of ofType(run, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")) {
      expect(prerequisites(run, config), config.name).to.include.keys(policy(config.name));
    }
    for (const target of ofType(run, "aws:cloudwatch/eventTarget:EventTarget")) {
      const { arn } = target.inputs["deadLetterConfig"] as { arn: string };
      const awaited = [target.inputs["arn"], arn].filter((one) => String(one).startsWith("arn:aws:sqs:"));
      const admitted = ofType(run, "aws:sqs/queuePolicy:QueuePolicy").filter(({ inputs }) =>
        awaited.some((one) => String(inputs["queueUrl"]).endsWith(`/${String(one).split(":").at(-1)}`)),
      );
      expect(admitted, target.name).to.have.length(awaited.length);
      const permissions = ofType(run, "aws:lambda/permission:Permission").filter(({ name }) => name === target.name);
      expect(permissions, target.name).to.have.length(
        String(target.inputs["arn"]).startsWith("arn:aws:lambda:") ? 1 : 0,
      );
      expect(prerequisites(run, target), target.name).to.include.keys(
        [...admitted, ...permissions].map(({ urn }) => urn),
      );
    }
    const topicPolicies = ofType(run, "aws:sns/topicPolicy:TopicPolicy").map(({ urn }) => urn);
    for (const alarm of ofType(run, "aws:cloudwatch/metricAlarm:MetricAlarm")) {
      expect(prerequisites(run, alarm), alarm.name).to.include.keys([
        ...topicPolicies,
        only(run, "aws:kms/key:Key", "topics").urn,
      ]);
    }
  });

  it("that run by the clock keep what they could not do, and are started by their own rules only", async () => {
    const run = await programOf({ stack: "dev" });
    const configs = ofType(run, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
    for (const { inputs, name } of configs) {
      expect(inputs, name).to.deep.include({
        functionName: `signal9-dev-${name}`,
        maximumRetryAttempts: 2,
        maximumEventAgeInSeconds: 3_600,
        destinationConfig: { onFailure: { destination: `arn:aws:sqs:us-east-1:123456789012:signal9-dev-${name}-dlq` } },
      });
    }
    const clocks = ofType(run, "aws:cloudwatch/eventRule:EventRule").filter(
      ({ inputs }) => inputs["scheduleExpression"],
    );
    const permissions = ofType(run, "aws:lambda/permission:Permission").filter(
      ({ inputs }) => inputs["principal"] !== "apigateway.amazonaws.com",
    );
    expect(permissions.map(({ name }) => name).sort()).to.deep.equal(clocks.map(({ name }) => name).sort());
    for (const { name, inputs } of permissions) {
      expect(inputs["principal"], name).to.equal("events.amazonaws.com");
      expect(inputs["sourceArn"], name).to.equal(`arn:aws:events:us-east-1:123456789012:rule/signal9-dev-${name}`);
      const [target] = ofType(run, "aws:cloudwatch/eventTarget:EventTarget").filter((one) => one.name === name);
      expect(target?.inputs["retryPolicy"], name).to.deep.equal({
        maximumRetryAttempts: 2,
        maximumEventAgeInSeconds: 3_600,
      });
      const started = configs.filter((config) => config.inputs["functionName"] === inputs["function"]);
      expect(started, name).to.have.length(1);
    }
  });
});
