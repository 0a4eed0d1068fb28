import { expect } from "chai";
import { list, ofType, programOf, stacks, statements } from "./program";

/** Actions that AWS accepts on no narrower resource. */
const unscoped = new Set([
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
]);

/** The one wildcard that a resource may end in, by action: a log group's streams, a bucket's objects, runs of a workflow. */
const ending: Record<string, string> = {
  "logs:CreateLogStream": ":*",
  "logs:PutLogEvents": ":*",
  "s3:DeleteObject": "/*",
  "s3:GetObject": "/*",
  "s3:GetObjectVersion": "/*",
  "s3:PutObject": "/*",
  "states:DescribeExecution": ":*",
};

/** What has a name of AWS's own: keys, and the models that it offers. */
const ofAws = "kms:[a-z0-9-]+:\\d+:key/[\\w-]+$|bedrock:[a-z0-9-]+::foundation-model/[\\w.:-]+$";

/** May do all that is within the search domain. */
const searchMaster = "create-indices";

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
            expect(resource, name).to.match(
              new RegExp(`^arn:aws:([a-z0-9]+:[a-z0-9-]*:\\d*:.*signal9-${stack}[-/]|${ofAws})`),
            );
            if (name === searchMaster && resource.startsWith("arn:aws:es:")) continue;
            expect(resource.endsWith(end), `${name} ${resource}`).to.equal(true);
            expect(resource.slice(0, resource.length - end.length), name).not.to.match(/[*?]/);
          }
        }
      }
    });
  }

  it("belong to one user each, and carry nothing but their own policy", async () => {
    const run = await programOf({ stack: "dev" });
    const users = ["aws:lambda/function:Function", "aws:sfn/stateMachine:StateMachine"].flatMap((type) =>
      ofType(run, type),
    );
    const used = users.map(({ inputs }) => String(inputs["role"] ?? inputs["roleArn"]));
    expect(new Set(used).size).to.equal(used.length);
    expect(ofType(run, "aws:iam/role:Role")).to.have.length(used.length);
    expect(run.resources.filter(({ type }) => type.includes("PolicyAttachment"))).to.deep.equal([]);
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

  it("is joined by those that need something inside it, in the private subnets and in the functions' group", async () => {
    for (const stack of stacks) {
      const functions = ofType(await programOf({ stack }), "aws:lambda/function:Function");
      const joined = functions.filter(({ inputs }) => inputs["vpcConfig"] !== undefined);
      expect(joined.map(({ name }) => name)).to.include("ingestion");
      for (const one of joined) {
        expect(one.inputs["vpcConfig"], one.name).to.deep.equal({
          subnetIds: ["network-private-1", "network-private-2"],
          securityGroupIds: [`signal9-${stack}-functions`],
        });
      }
      const outside = functions.filter((one) => !joined.includes(one)).map(({ name }) => name);
      expect(outside).to.include.members([
        "outbox-sweeper",
        "asset-sync",
        "earnings-sync",
        "news-sync",
        "pollination-planner",
        "pollination",
        "analysis-batches",
        "mark-earnings-processed",
      ]);
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
