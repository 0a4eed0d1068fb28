import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { definitionOf, indexNames } from "../../functions/processing/search/indices";
import { domainNameOf } from "../../infra/naming";
import type { ProgramRun, Resource } from "../../local/engine/program";
import { list, ofType, programOf, recordProgram, stacks, statements } from "./program";

const operations = readFileSync(resolve(__dirname, "../../docs/operations.md"), "utf8");

const domainType = "aws:opensearch/domain:Domain";
const arn = "arn:aws:es:us-east-1:123456789012:domain/signal9-dev";
const roleArn = (name: string): string => `arn:aws:iam::123456789012:role/signal9-dev-${name}`;

const only = (run: ProgramRun, type: string, name = "search"): Resource => {
  const found = ofType(run, type).find((resource) => resource.name === name);
  if (!found) throw new Error(`there is no ${type} ${name}`);
  return found;
};

const grantsOf = (run: ProgramRun, name: string): [string[], string[]][] =>
  statements(only(run, "aws:iam/rolePolicy:RolePolicy", name).inputs["policy"]).map(({ Action, Resource }) => [
    list(Action),
    list(Resource),
  ]);

/** By function: what it calls of the domain. */
const calls: Record<string, [string[], string[]]> = {
  "create-indices": [["es:ESHttpGet", "es:ESHttpPut", "es:ESHttpPost", "es:ESHttpDelete"], [`${arn}/*`]],
  search: [["es:ESHttpPost"], [`${arn}/documents/_search`]],
  "search-indexing": [["es:ESHttpPost"], [`${arn}/documents/_search`, `${arn}/_bulk`]],
  "search-repair": [["es:ESHttpPost"], [`${arn}/documents/_search`, `${arn}/_bulk`]],
};

describe("the search domain", () => {
  for (const stack of stacks) {
    it(`of ${stack} is encrypted everywhere, asked over TLS 1.2 at least, and stands in two zones`, async () => {
      const { inputs, protect } = only(await programOf({ stack }), domainType);
      expect(inputs["domainName"]).to.equal(`signal9-${stack}`);
      expect(inputs["engineVersion"]).to.match(/^OpenSearch_2\.\d+$/);
      expect(inputs["clusterConfig"]).to.deep.equal({
        instanceType: "t3.small.search",
        instanceCount: 2,
        zoneAwarenessEnabled: true,
        zoneAwarenessConfig: { availabilityZoneCount: 2 },
      });
      expect(inputs["ebsOptions"]).to.deep.equal({ ebsEnabled: true, volumeType: "gp3", volumeSize: 20 });
      expect(inputs["encryptAtRest"]).to.deep.equal({ enabled: true });
      expect(inputs["nodeToNodeEncryption"]).to.deep.equal({ enabled: true });
      expect(inputs["domainEndpointOptions"]).to.deep.equal({
        enforceHttps: true,
        tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10",
      });
      expect(protect).to.equal(stack === "prod");
    });
  }

  it("stands in the private subnets, and is reached by the functions' group and by nobody else", async () => {
    const run = await programOf({ stack: "dev" });
    expect(only(run, domainType).inputs["vpcOptions"]).to.deep.equal({
      subnetIds: ["network-private-1", "network-private-2"],
      securityGroupIds: ["signal9-dev-search"],
    });
    const into = ofType(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(
      ({ inputs }) => inputs["securityGroupId"] === "signal9-dev-search",
    );
    expect(into).to.have.length(1);
    expect(into[0]?.inputs).to.include({
      referencedSecurityGroupId: "signal9-dev-functions",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
  });

  it("has the role of the function that prepares it as its master", async () => {
    const { inputs } = only(await programOf({ stack: "dev" }), domainType);
    expect(inputs["advancedSecurityOptions"]).to.deep.equal({
      enabled: true,
      internalUserDatabaseEnabled: false,
      masterUserOptions: { masterUserArn: roleArn("create-indices") },
    });
  });

  it("admits roles that are named, each to what its own policy lets it call, and nobody else", async () => {
    const run = await programOf({ stack: "dev" });
    const { inputs } = only(run, "aws:opensearch/domainPolicy:DomainPolicy");
    expect(inputs["domainName"]).to.equal("signal9-dev");
    const admitted = statements(inputs["accessPolicies"]).map(({ Effect, Principal, Action, Resource }) => {
      expect(Effect).to.equal("Allow");
      return [Principal, list(Action), list(Resource)];
    });
    expect(admitted).to.have.deep.members(
      Object.entries(calls).map(([name, [actions, resources]]) => [{ AWS: roleArn(name) }, actions, resources]),
    );
    for (const [name, granted] of Object.entries(calls)) expect(grantsOf(run, name), name).to.deep.include(granted);
  });

  it("is asked by functions of the VPC only, which find it over https", async () => {
    const run = await programOf({ stack: "dev" });
    for (const { name, inputs } of ofType(run, "aws:lambda/function:Function")) {
      const { variables } = inputs["environment"] as { variables: Record<string, string> };
      const uses = name in calls && name !== "create-indices";
      const endpoint = uses ? "https://vpc-signal9-dev-abc123.us-east-1.es.amazonaws.com" : undefined;
      expect(variables["SEARCH_ENDPOINT"], name).to.equal(endpoint);
      if (name in calls) expect(inputs["vpcConfig"], name).to.be.an("object");
    }
  });

  it("is prepared by every deployment that changes an index, a permission or a role, once it can be", async () => {
    const run = await programOf({ stack: "dev" });
    const { inputs, dependencies } = only(run, "aws:lambda/invocation:Invocation");
    expect(inputs["functionName"]).to.equal("signal9-dev-create-indices");
    expect(JSON.parse(String(inputs["input"]))).to.deep.equal({
      endpoint: "https://vpc-signal9-dev-abc123.us-east-1.es.amazonaws.com",
      roles: { search: [roleArn("search")], index: [roleArn("search-indexing"), roleArn("search-repair")] },
    });
    expect((inputs["triggers"] as { meant: string }).meant).to.match(/^[0-9a-f]{64}$/);
    expect(indexNames.map((index) => definitionOf(index).mappings._meta.definition)).to.have.length(3);
    const needed = [
      only(run, domainType),
      only(run, "aws:opensearch/domainPolicy:DomainPolicy"),
      only(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "search-from-functions"),
      only(run, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "functions-to-https"),
    ];
    expect(dependencies).to.include.members(needed.map(({ urn }) => urn));
  });

  it("is prepared once more by hand with what a deployment says", async () => {
    const { inputs } = only(await programOf({ stack: "dev" }), "aws:lambda/invocation:Invocation");
    const [, page = ""] = /<<END\n(.*?)\n *END\n/s.exec(operations) ?? [];
    const said = page
      .replace("$(of search Environment.Variables.SEARCH_ENDPOINT)", JSON.parse(String(inputs["input"])).endpoint)
      .replace(/\$\(of ([a-z-]+) Role\)/g, (_, name: string) => roleArn(name));
    expect(JSON.parse(said)).to.deep.equal(JSON.parse(String(inputs["input"])));
  });

  it("writes what went wrong, and what was slow, to a log that only it may write to", async () => {
    const run = await programOf({ stack: "dev" });
    const group = only(run, "aws:cloudwatch/logGroup:LogGroup");
    expect(group.inputs["name"]).to.equal("/aws/vendedlogs/opensearch/signal9-dev-search");
    const groupArn = `arn:aws:logs:us-east-1:123456789012:log-group:${group.inputs["name"]}`;
    const domain = only(run, domainType);
    expect(domain.inputs["logPublishingOptions"]).to.deep.equal(
      ["ES_APPLICATION_LOGS", "SEARCH_SLOW_LOGS", "INDEX_SLOW_LOGS"].map((logType) => ({
        logType,
        cloudwatchLogGroupArn: groupArn,
      })),
    );
    const policy = only(run, "aws:cloudwatch/logResourcePolicy:LogResourcePolicy");
    const [statement, ...others] = statements(policy.inputs["policyDocument"]);
    expect(others).to.deep.equal([]);
    expect(statement).to.deep.include({
      Principal: { Service: "es.amazonaws.com" },
      Resource: `${groupArn}:*`,
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" }, ArnLike: { "aws:SourceArn": arn } },
    });
    expect(domain.dependencies).to.include(policy.urn);
  });

  it("is not tended to while the nightly jobs run", async () => {
    const { inputs } = only(await programOf({ stack: "dev" }), domainType);
    expect(inputs["offPeakWindowOptions"]).to.deep.equal({
      enabled: true,
      offPeakWindow: { windowStartTime: { hours: 9, minutes: 0 } },
    });
  });

  it("waits for the role that lets it into the VPC, in the stack that makes it for the account", async () => {
    const roleType = "aws:iam/serviceLinkedRole:ServiceLinkedRole";
    const run = await programOf({ stack: "dev" });
    const role = only(run, roleType);
    expect(role.inputs["awsServiceName"]).to.equal("opensearchservice.amazonaws.com");
    expect(only(run, domainType).dependencies).to.include(role.urn);
    expect(ofType(await programOf({ stack: "prod" }), roleType)).to.deep.equal([]);
  });

  it("refuses a stack whose name is no domain's", () => {
    expect(domainNameOf("twenty-letters-and-1")).to.have.length(28);
    for (const name of ["twenty-one-letters-x1", "Dev", "my_stack", "a.b"]) {
      expect(() => domainNameOf(name), name).to.throw(`Stack ${name} cannot have a search domain`);
    }
  });

  it("refuses settings that no domain could have", async () => {
    const settings = { "signal9:searchNodes": "3", "signal9:searchNodeType": "t3.small", "signal9:embedder": "magic" };
    const { refused } = await recordProgram({ stack: "dev", settings });
    expect(refused)
      .to.include("signal9:searchNodes must be even: the nodes stand in two zones")
      .and.include("signal9:searchNodeType must be a node type such as t3.small.search")
      .and.include("signal9:embedder must be one of local, bedrock");
  });
});

describe("the embedder", () => {
  const model = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0";

  it("may ask the one model where it is Bedrock's, and nothing where it is the local one", async () => {
    for (const [stack, embedder] of [
      ["dev", "local"],
      ["prod", "bedrock"],
    ] as const) {
      const run = await programOf({ stack });
      for (const name of ["search", "search-indexing", "search-repair"]) {
        const { variables } = only(run, "aws:lambda/function:Function", name).inputs["environment"] as {
          variables: Record<string, string>;
        };
        expect(variables["EMBEDDER"], name).to.equal(embedder);
        const asking = grantsOf(run, name).filter(([actions]) => actions.includes("bedrock:InvokeModel"));
        expect(asking, name).to.deep.equal(embedder === "bedrock" ? [[["bedrock:InvokeModel"], [model]]] : []);
      }
    }
  });
});
