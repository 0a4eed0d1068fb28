import { expect } from "chai";
import type { ProgramRun } from "../../local/engine/program";
import { grantsOf, list, ofType, optionalSettings, programOf, stacks, statements, variablesOf } from "./program";

/** Actions that AWS accepts on no narrower resource. */
const unscoped = new Set([
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
]);

/** The one wildcard that a resource may end in, by action: a log group's streams, a bucket's objects. */
const ending: Record<string, string> = {
  "logs:CreateLogStream": ":*",
  "logs:PutLogEvents": ":*",
  "s3:GetObject": "/*",
  "s3:PutObject": "/*",
};

/** Who may do any of these actions, by the resource's name without its stack. */
const holders = (run: ProgramRun, actions: RegExp, kind: RegExp): Record<string, string[]> => {
  const found: Record<string, Set<string>> = {};
  for (const { holder, action, resource } of grantsOf(run)) {
    if (!actions.test(action) || !kind.test(resource)) continue;
    const name = resource.replace(kind, "").replace(/^signal9-[a-z]+-/, "");
    found[name] ??= new Set();
    found[name].add(holder);
  }
  return Object.fromEntries(Object.entries(found).map(([name, who]) => [name, [...who].sort()]));
};

describe("roles", () => {
  for (const stack of stacks) {
    it(`of ${stack} allow named actions on named resources`, async () => {
      const policies = ofType(await programOf({ stack }), "aws:iam/rolePolicy:RolePolicy");
      expect(policies).to.have.length.greaterThan(1);
      for (const { inputs, name } of policies) {
        for (const { Effect, Action, Resource } of statements(inputs["policy"])) {
          expect(Effect).to.equal("Allow");
          for (const action of list(Action)) expect(action, name).to.match(/^[a-z0-9]+:[A-Za-z]+$/);
          if (list(Action).every((action) => unscoped.has(action))) continue;
          const [end = "", another] = [...new Set(list(Action).map((action) => ending[action] ?? ""))];
          expect(another, `${name}: actions on different kinds of resource`).to.equal(undefined);
          for (const resource of list(Resource)) {
            expect(resource, name).to.match(new RegExp(`^arn:aws:[a-z0-9]+:[a-z0-9-]*:\\d*:.*signal9-${stack}-`));
            expect(resource.endsWith(end), `${name} ${resource}`).to.equal(true);
            expect(resource.slice(0, resource.length - end.length), name).not.to.match(/[*?]/);
          }
        }
      }
    });
  }

  it("belong to one function each, and carry nothing but their own policy", async () => {
    const run = await programOf({ stack: "dev" });
    const used = ofType(run, "aws:lambda/function:Function").map(({ inputs }) => String(inputs["role"]));
    expect(new Set(used).size).to.equal(used.length);
    expect(ofType(run, "aws:iam/role:Role")).to.have.length(used.length);
    expect(run.resources.filter(({ type }) => type.includes("PolicyAttachment"))).to.deep.equal([]);
  });

  it("let each table be written by those whose data it is, and by nobody else", async () => {
    const writes = /^dynamodb:(PutItem|UpdateItem|DeleteItem|BatchWriteItem)$/;
    expect(holders(await programOf({ stack: "dev" }), writes, /^table\//)).to.deep.equal({
      "api-budget": ["asset-sync", "earnings-sync", "ingestion", "news-sync"],
      assets: ["asset-sync"],
      "balance-sheet": ["ingestion"],
      "cash-flow": ["ingestion"],
      "company-overview": ["ingestion"],
      earnings: ["ingestion"],
      "earnings-calendar": ["earnings-sync", "mark-earnings-processed"],
      effects: [
        "analysis-batches",
        "asset-sync",
        "earnings-sync",
        "news-sync",
        "outbox-sweeper",
        "pollination-planner",
      ],
      "event-store": [
        "analysis-batches",
        "earnings-sync",
        "ingestion",
        "mark-earnings-processed",
        "outbox-sweeper",
        "pollination",
        "pollination-planner",
      ],
      "income-statement": ["ingestion"],
      news: ["news-sync"],
      "processing-state": ["asset-sync", "earnings-sync", "ingestion", "news-sync", "pollination"],
      "queue-tracking": ["ingestion", "news-sync", "pollination"],
    });
  });

  it("let nobody read a whole table but those who look at the whole market", async () => {
    expect(holders(await programOf({ stack: "dev" }), /^dynamodb:Scan$/, /^table\//)).to.deep.equal({
      assets: ["asset-sync", "earnings-sync", "pollination-planner"],
      "processing-state": ["pollination-planner"],
    });
  });

  it("let those keep and read the providers' answers that ask for them, and nobody delete one", async () => {
    const run = await programOf({ stack: "dev" });
    const asking = ["asset-sync", "earnings-sync", "ingestion", "news-sync"];
    const bucket = "raw-answers-123456789012";
    expect(holders(run, /^s3:(Get|Put)Object$/, /^(?=signal9-)/)).to.deep.equal({ [`${bucket}/*`]: asking });
    expect(holders(run, /^s3:(?!(Get|Put)Object$)/, /^(?=signal9-)/)).to.deep.equal({ [bucket]: asking });
    expect(
      grantsOf(run).filter(({ action }) => /^s3:/.test(action) && !/(Get|Put)Object$|ListBucket$/.test(action)),
    ).to.deep.equal([]);
  });

  it("let each function send to its own dead letters, and one of them ring its own bell", async () => {
    const run = await programOf({ stack: "dev" });
    const sent = holders(run, /^sqs:SendMessage$/, /^(?=signal9-)/);
    const functions = ofType(run, "aws:lambda/function:Function").map(({ name }) => name);
    expect(sent).to.deep.equal({
      ...Object.fromEntries(functions.map((name) => [`${name}-dlq`, [name]])),
      ingestion: ["ingestion"],
    });
    expect(holders(run, /^sqs:(?!SendMessage$)/, /^(?=signal9-)/)).to.deep.equal(
      Object.fromEntries(
        ofType(run, "aws:lambda/eventSourceMapping:EventSourceMapping").map(({ name }) => [name, [name]]),
      ),
    );
  });

  it("let no provider's key be read while none is set", async () => {
    const run = await programOf({ stack: "dev" });
    expect(holders(run, /^secretsmanager:/, /^secret:(?=signal9-)/)).to.deep.equal({ "cache-AbCdEf": ["ingestion"] });
    for (const one of ofType(run, "aws:lambda/function:Function"))
      expect(variablesOf(one), one.name).not.to.have.any.keys("ALPACA_SECRET_ARN", "ALPHA_VANTAGE_SECRET_ARN");
  });

  it("let a provider's key be read by those who call the provider; the planner knows the budget and no key", async () => {
    const run = await programOf({ stack: "dev", settings: optionalSettings });
    const readers = {
      "alpaca-AbCdEf": ["asset-sync"],
      "alpha-vantage-AbCdEf": ["earnings-sync", "ingestion", "news-sync"],
      "cache-AbCdEf": ["ingestion"],
    };
    expect(holders(run, /^secretsmanager:GetSecretValue$/, /^secret:(?=signal9-)/)).to.deep.equal(readers);
    expect(holders(run, /^secretsmanager:(?!GetSecretValue$)/, /./)).to.deep.equal({});
    const given = (variable: string) =>
      ofType(run, "aws:lambda/function:Function")
        .flatMap((one) => (variable in variablesOf(one) ? [one.name] : []))
        .sort();
    expect(given("ALPACA_SECRET_ARN")).to.deep.equal(readers["alpaca-AbCdEf"]);
    expect(given("ALPHA_VANTAGE_SECRET_ARN")).to.deep.equal(readers["alpha-vantage-AbCdEf"]);
    const planner = grantsOf(run).filter(
      ({ holder, resource }) => holder === "pollination-planner" && /api-budget/.test(resource),
    );
    expect(planner.map(({ action }) => action)).to.deep.equal(["dynamodb:GetItem"]);
  });

  it("let markEarningsProcessed do what it does, and no more", async () => {
    const policy = ofType(await programOf({ stack: "dev" }), "aws:iam/rolePolicy:RolePolicy").find(
      ({ name }) => name === "mark-earnings-processed",
    );
    const granted = statements(policy?.inputs["policy"]).map(({ Action, Resource }) => [
      list(Action),
      list(Resource).map((arn) => arn.split(":").slice(5).join(":")),
    ]);
    expect(granted).to.deep.equal([
      [["logs:CreateLogStream", "logs:PutLogEvents"], ["log-group:/aws/lambda/signal9-dev-mark-earnings-processed:*"]],
      [["xray:PutTraceSegments", "xray:PutTelemetryRecords"], [""]],
      [["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], ["signal9-dev-mark-earnings-processed"]],
      [["sqs:SendMessage"], ["signal9-dev-mark-earnings-processed-dlq"]],
      [["dynamodb:GetItem", "dynamodb:PutItem"], ["table/signal9-dev-earnings-calendar"]],
      [["dynamodb:PutItem"], ["table/signal9-dev-event-store"]],
    ]);
  });
});

describe("the network", () => {
  it("admits no address range anywhere", async () => {
    for (const stack of stacks) {
      const run = await programOf({ stack });
      for (const { inputs } of ofType(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")) {
        expect(inputs).not.to.have.any.keys("cidrIpv4", "cidrIpv6", "prefixListId");
        expect(inputs["referencedSecurityGroupId"]).to.be.a("string");
      }
      for (const { inputs } of ofType(run, "aws:ec2/securityGroup:SecurityGroup"))
        expect(inputs).not.to.have.any.keys("ingress");
      const [shut] = ofType(run, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
      expect(shut?.inputs["ingress"]).to.deep.equal([]);
      expect(shut?.inputs["egress"]).to.deep.equal([]);
    }
  });

  it("lets functions out of it by HTTPS only, and nothing else out at all", async () => {
    const rules = ofType(await programOf({ stack: "dev" }), "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
    const outside = rules.filter(({ inputs }) => inputs["referencedSecurityGroupId"] === undefined);
    expect(
      outside.map(({ inputs }) => [
        inputs["securityGroupId"],
        inputs["fromPort"],
        inputs["toPort"],
        inputs["ipProtocol"],
      ]),
    ).to.deep.equal([["signal9-dev-functions", 443, 443, "tcp"]]);
  });

  it("is joined by ingestion alone, in the private subnets and in the functions' group", async () => {
    for (const stack of stacks) {
      const functions = ofType(await programOf({ stack }), "aws:lambda/function:Function");
      const joined = functions.filter(({ inputs }) => inputs["vpcConfig"] !== undefined);
      expect(joined.map(({ name, inputs }) => [name, inputs["vpcConfig"]])).to.deep.equal([
        [
          "ingestion",
          { subnetIds: ["network-private-1", "network-private-2"], securityGroupIds: [`signal9-${stack}-functions`] },
        ],
      ]);
      expect(functions.length).to.be.greaterThan(joined.length);
    }
  });

  it("has gateway endpoints always, private ones where the stack asks for them", async () => {
    const endpoints = async (stack: string) =>
      ofType(await programOf({ stack }), "aws:ec2/vpcEndpoint:VpcEndpoint").map(({ name }) =>
        name.replace("-endpoint", ""),
      );
    expect((await endpoints("dev")).sort()).to.deep.equal(["dynamodb", "s3"]);
    expect((await endpoints("prod")).sort()).to.deep.equal([
      "dynamodb",
      "events",
      "s3",
      "secretsmanager",
      "sns",
      "sqs",
    ]);
  });

  it("has one NAT gateway in dev and one a zone in prod", async () => {
    const strategy = async (stack: string) =>
      ofType(await programOf({ stack }), "awsx:ec2:Vpc").map(({ inputs }) => inputs["natGateways"]);
    expect(await strategy("dev")).to.deep.equal([{ strategy: "Single" }]);
    expect(await strategy("prod")).to.deep.equal([{ strategy: "OnePerAz" }]);
  });
});
