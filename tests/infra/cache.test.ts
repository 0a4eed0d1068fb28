import { expect } from "chai";
import type { ProgramRun, Resource } from "../../local/engine/program";
import { list, ofType, programOf, stacks, statements, variablesOf } from "./program";

const groupType = "aws:elasticache/replicationGroup:ReplicationGroup";
const secretVersionType = "aws:secretsmanager/secretVersion:SecretVersion";

const cacheOf = (run: ProgramRun): Resource => {
  const [cache, another] = ofType(run, groupType);
  if (!cache || another) throw new Error("there is not exactly one cache");
  return cache;
};

/** The hours of the day in which any part of a window falls. */
const hoursOf = (window: unknown): number[] => {
  const [from = 0, to = 0] = [...String(window).matchAll(/(\d\d):(\d\d)/g)].map(
    ([, hour, minute]) => Number(hour) + Number(minute) / 60,
  );
  return Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => hour < to && hour + 1 > from);
};

describe("the cache", () => {
  for (const stack of stacks) {
    it(`of ${stack} is Redis 7, encrypted on disk and on the way, behind a token, with a week of snapshots`, async () => {
      expect(cacheOf(await programOf({ stack })).inputs).to.include({
        replicationGroupId: `signal9-${stack}-cache`,
        engine: "redis",
        engineVersion: "7.1",
        nodeType: "cache.t3.micro",
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authTokenUpdateStrategy: "ROTATE",
        autoMinorVersionUpgrade: true,
        snapshotRetentionLimit: 7,
        applyImmediately: stack === "dev",
      });
    });

    it(`of ${stack} is left in peace while the nightly jobs run`, async () => {
      const { inputs } = cacheOf(await programOf({ stack }));
      const busy = [3, 4, 5, 6, 7];
      for (const window of ["snapshotWindow", "maintenanceWindow"])
        expect(hoursOf(inputs[window]), window).to.have.length.greaterThan(0).and.not.include.members(busy);
      expect(hoursOf(inputs["snapshotWindow"])).not.to.have.members(hoursOf(inputs["maintenanceWindow"]));
    });
  }

  it("has one node in dev, and in prod two in two zones that take over from each other", async () => {
    const nodes = async (stack: string) => {
      const { inputs } = cacheOf(await programOf({ stack }));
      return [inputs["numCacheClusters"], inputs["automaticFailoverEnabled"], inputs["multiAzEnabled"]];
    };
    expect(await nodes("dev")).to.deep.equal([1, false, false]);
    expect(await nodes("prod")).to.deep.equal([2, true, true]);
  });

  it("has a parameter group that is really attached", async () => {
    const run = await programOf({ stack: "dev" });
    const [parameters] = ofType(run, "aws:elasticache/parameterGroup:ParameterGroup");
    expect(cacheOf(run).inputs["parameterGroupName"]).to.equal(parameters?.inputs["name"]);
    expect(parameters?.inputs["family"]).to.equal("redis7");
    expect(parameters?.inputs["parameters"]).to.deep.equal([
      { name: "maxmemory-policy", value: "allkeys-lru" },
      { name: "notify-keyspace-events", value: "Ex" },
      { name: "timeout", value: "300" },
    ]);
  });

  it("stands in the private subnets, and is reached by the functions' group on its port and by nobody else", async () => {
    const run = await programOf({ stack: "dev" });
    const { inputs } = cacheOf(run);
    const [subnets] = ofType(run, "aws:elasticache/subnetGroup:SubnetGroup");
    expect(inputs["subnetGroupName"]).to.equal(subnets?.inputs["name"]);
    expect(subnets?.inputs["subnetIds"]).to.deep.equal(["network-private-1", "network-private-2"]);
    const [group, ...others] = inputs["securityGroupIds"] as string[];
    expect(others).to.deep.equal([]);
    const way = { ipProtocol: "tcp", fromPort: inputs["port"], toPort: inputs["port"] };
    const into = ofType(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(
      (rule) => rule.inputs["securityGroupId"] === group,
    );
    expect(into).to.have.length(1);
    expect(into[0]?.inputs).to.include({ ...way, referencedSecurityGroupId: "signal9-dev-functions" });
    const out = ofType(run, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").filter(
      (rule) => rule.inputs["referencedSecurityGroupId"] === group,
    );
    expect(out.map((rule) => rule.inputs["securityGroupId"])).to.deep.equal(["signal9-dev-functions"]);
    expect(out[0]?.inputs).to.include(way);
  });

  it("has a token that ElastiCache takes, kept in a secret that is written once the token is valid", async () => {
    const run = await programOf({ stack: "dev" });
    const [token] = ofType(run, "random:index/randomPassword:RandomPassword");
    expect(token?.inputs).to.deep.equal({ length: 64, special: false, minLower: 1, minUpper: 1, minNumeric: 1 });
    const version = ofType(run, secretVersionType).find(({ name }) => name === "cache");
    expect(JSON.parse(String(version?.inputs["secretString"]))).to.deep.equal({
      token: cacheOf(run).inputs["authToken"],
    });
    expect(version?.dependencies).to.include(cacheOf(run).urn);
    const value = String(cacheOf(run).inputs["authToken"]);
    const holders = run.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(value));
    expect(holders.map(({ type }) => type).sort()).to.deep.equal([groupType, secretVersionType]);
    expect(JSON.stringify(run.outputs)).not.to.include(value);
  });

  it("refuses settings that no cache could have", async () => {
    const refused = programOf({
      stack: "dev",
      settings: { "signal9:cacheNodes": "0", "signal9:cacheNodeType": "big" },
    });
    const message = await refused.then(
      () => "accepted",
      (error: Error) => error.message,
    );
    expect(message)
      .to.include("signal9:cacheNodes must be a whole number from 1 to 6")
      .and.include("signal9:cacheNodeType must be a node type such as cache.t3.micro");
  });
});

describe("functions that use the cache", () => {
  it("join the VPC with what Lambda needs for that, and may read the token", async () => {
    const run = await programOf({ stack: "dev" });
    const functions = ofType(run, "aws:lambda/function:Function");
    const users = functions.filter((one) => "CACHE_HOST" in variablesOf(one));
    expect(users).to.have.length.greaterThan(0);
    for (const one of users) {
      const { CACHE_HOST, CACHE_PORT, CACHE_SECRET_ARN } = variablesOf(one);
      expect([CACHE_HOST, CACHE_PORT], one.name).to.deep.equal([
        "master.signal9-dev-cache.abc123.use1.cache.amazonaws.com",
        "6379",
      ]);
      expect(one.inputs["vpcConfig"], one.name).to.deep.equal({
        subnetIds: ["network-private-1", "network-private-2"],
        securityGroupIds: ["signal9-dev-functions"],
      });
      const policy = ofType(run, "aws:iam/rolePolicy:RolePolicy").find(({ name }) => name === one.name);
      const allowed = statements(policy?.inputs["policy"]).map(({ Action, Resource }) => [
        list(Action),
        list(Resource),
      ]);
      expect(allowed).to.deep.include([["secretsmanager:GetSecretValue"], [CACHE_SECRET_ARN]]);
      expect(allowed).to.deep.include([
        [
          "ec2:CreateNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:DeleteNetworkInterface",
          "ec2:AssignPrivateIpAddresses",
          "ec2:UnassignPrivateIpAddresses",
        ],
        ["*"],
      ]);
    }
  });

  it("leave their security group before they are destroyed, for one that nobody has to delete", async () => {
    const run = await programOf({ stack: "dev" });
    const [shut] = ofType(run, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    const joined = ofType(run, "aws:lambda/function:Function").filter(({ inputs }) => inputs["vpcConfig"]);
    expect(joined).to.have.length.greaterThan(0);
    for (const { inputs, name } of joined) {
      expect(inputs["replaceSecurityGroupsOnDestroy"], name).to.equal(true);
      expect(inputs["replacementSecurityGroupIds"], name).to.deep.equal([shut?.id]);
    }
  });

  it("are the only ones in the VPC, with the actions that go with it", async () => {
    const run = await programOf({ stack: "dev" });
    for (const { inputs, name } of ofType(run, "aws:lambda/function:Function")) {
      const policy = ofType(run, "aws:iam/rolePolicy:RolePolicy").find((one) => one.name === name);
      expect(String(policy?.inputs["policy"]).includes("ec2:"), name).to.equal(inputs["vpcConfig"] !== undefined);
    }
  });
});
