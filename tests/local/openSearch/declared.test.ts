import { expect } from "chai";
import { readAccessPolicy } from "../../../local/openSearch/declared/accessPolicy";
import { readDomain } from "../../../local/openSearch/declared/domain";
import { aDomain, domainType, master, policyType, type SearchWorld, startSearchWorld } from "./world";

const read = (over: Record<string, unknown>) => readDomain({ type: domainType, name: "search", inputs: aDomain(over) });

describe("a declared search domain", () => {
  it("is taken with all that makes no difference here", () => {
    const more = {
      logPublishingOptions: [
        { logType: "ES_APPLICATION_LOGS", cloudwatchLogGroupArn: "arn:aws:logs:x", enabled: true },
      ],
      softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
      offPeakWindowOptions: { enabled: true, offPeakWindow: { windowStartTime: { hours: 9, minutes: 0 } } },
      autoTuneOptions: { desiredState: "DISABLED" },
      tags: { Project: "signal9" },
    };
    expect(read(more)).to.deep.equal({
      name: "search",
      version: "2.19.0",
      masterUser: master,
      accessPolicies: undefined,
    });
  });

  it("has no fine-grained access unless it says so", () => {
    expect(read({ advancedSecurityOptions: undefined }).masterUser).to.equal(undefined);
    expect(read({ advancedSecurityOptions: { enabled: false } }).masterUser).to.equal(undefined);
  });

  const cluster = (over: Record<string, unknown>) => ({
    clusterConfig: { instanceType: "t3.small.search", instanceCount: 2, zoneAwarenessEnabled: true, ...over },
  });
  const refusals: [Record<string, unknown>, string][] = [
    [{ domainName: `a${"b".repeat(28)}` }, "domainName must have 3 to 28 characters"],
    [{ domainName: "Search" }, "domainName must have 3 to 28 characters"],
    [{ engineVersion: "Elasticsearch_7.10" }, "engineVersion must be an OpenSearch_2.x, not Elasticsearch_7.10"],
    [{ snapshotOptions: {} }, "property snapshotOptions is not supported by the embedded cloud"],
    [{ ebsOptions: { ebsEnabled: true, volumeSize: 10, size: 1 } }, "property ebsOptions.size is not supported"],
    [{ ebsOptions: { ebsEnabled: false } }, "ebsOptions: t3.small.search has no storage of its own"],
    [{ logPublishingOptions: [{ type: "x" }] }, "property type is not supported"],
    [{ domainEndpointOptions: { enforceHttps: false } }, "domainEndpointOptions.enforceHttps must be true"],
    [{ domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "TLS" } }, "tlsSecurityPolicy must be one of"],
    [{ encryptAtRest: undefined }, "advancedSecurityOptions needs encryptAtRest.enabled"],
    [{ nodeToNodeEncryption: { enabled: false } }, "advancedSecurityOptions needs nodeToNodeEncryption.enabled"],
    [{ advancedSecurityOptions: { enabled: true, internalUserDatabaseEnabled: true } }, "internalUserDatabaseEnabled"],
    [{ advancedSecurityOptions: { enabled: true } }, "masterUserArn must be the ARN of a role"],
    [{ vpcOptions: { subnetIds: ["subnet-1"] } }, "vpcOptions.subnetIds: you must specify exactly 2 subnets"],
    [cluster({ zoneAwarenessEnabled: false }), "vpcOptions.subnetIds: you must specify exactly 1 subnet"],
    [cluster({ instanceCount: 3 }), "clusterConfig.instanceCount must be a multiple of the 2 zones, not 3"],
    [cluster({ instanceType: "t3.small" }), "clusterConfig.instanceType must be one such as t3.small.search"],
    [{ autoTuneOptions: { desiredState: "ENABLED" } }, "Auto-Tune is not supported on t2 and t3 instances"],
  ];
  for (const [over, reason] of refusals) {
    it(`is refused with ${JSON.stringify(over)}`, () => {
      expect(() => read(over))
        .to.throw(`${domainType} `)
        .with.property("message")
        .that.includes(reason);
    });
  }

  it("has no condition in its access policy that nothing here could meet", () => {
    const statement = { Effect: "Allow", Principal: "*", Action: "es:*", Resource: "*" };
    const policy = (Condition: unknown) => ({ Version: "2012-10-17", Statement: [{ ...statement, Condition }] });
    expect(readAccessPolicy("search", "")).to.equal(undefined);
    expect(readAccessPolicy("search", policy({ Bool: { "aws:SecureTransport": "true" } }))?.allows).to.have.length(1);
    expect(() => readAccessPolicy("search", policy({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }))).to.throw(
      "the condition key aws:sourceip in the access policy of search",
    );
  });

  describe("once it lives", () => {
    let world: SearchWorld;
    before(async () => {
      world = await startSearchWorld();
    });
    after(() => world.close());

    const failure = (work: Promise<unknown>): Promise<Error> =>
      work.then(
        () => Promise.reject(new Error("it succeeded")),
        (error) => error,
      );

    it("has an address without a scheme, and an ARN", async () => {
      const { id, outputs } = await world.declare(domainType, "other", aDomain({ domainName: "other" }));
      expect(id).to.equal("arn:aws:es:us-east-1:123456789012:domain/other");
      expect(outputs).to.include({ arn: id, domainId: "123456789012/other" });
      expect(outputs["endpoint"]).to.match(/^127\.0\.0\.1:\d+$/);
    });

    it("is there once, and has a policy only if it is there", async () => {
      expect((await failure(world.declare(domainType, "search", aDomain()))).message).to.include(
        "there is a domain search already",
      );
      const policy = { domainName: "nowhere", accessPolicies: "" };
      expect((await failure(world.declare(policyType, "policy", policy))).message).to.include(
        "there is no domain nowhere",
      );
    });

    it("is told of by the API of OpenSearch Service, with its address", async () => {
      interface Answer {
        DomainNames?: object[];
        message?: string;
      }
      const ask = async (path: string, body?: object): Promise<[number, Answer]> => {
        const authorization = "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/es/aws4_request, Signature=0";
        const answer = await fetch(`${world.gateway.url}/2021-01-01/${path}`, {
          headers: { authorization },
          ...(body && { method: "POST", body: JSON.stringify(body) }),
        });
        return [answer.status, (await answer.json()) as Answer];
      };
      const DomainStatus = {
        DomainId: "123456789012/search",
        DomainName: "search",
        ARN: "arn:aws:es:us-east-1:123456789012:domain/search",
        Created: true,
        Deleted: false,
        Processing: false,
        Endpoint: world.endpoint,
        EngineVersion: "OpenSearch_2.19",
        ClusterConfig: { InstanceType: "t3.small.search", InstanceCount: 2 },
      };
      const [, listed] = await ask("domain");
      expect(listed.DomainNames).to.deep.include({ DomainName: "search", EngineType: "OpenSearch" });
      expect(await ask("opensearch/domain/search")).to.deep.equal([200, { DomainStatus }]);
      expect(await ask("opensearch/domain-info", { DomainNames: ["search"] })).to.deep.equal([
        200,
        { DomainStatusList: [DomainStatus] },
      ]);
      const [status, refused] = await ask("opensearch/domain/none");
      expect([status, refused.message]).to.deep.equal([409, "Domain not found: none"]);
      expect((await ask("domain?engineType=Elasticsearch"))[1].message).to.equal(
        "The embedded cloud does not support the parameter engineType of es:ListDomainNames.",
      );
      expect((await ask("opensearch/domain/search/config"))[1].message).to.equal(
        "The embedded cloud does not support es:DescribeDomainConfig.",
      );
    });
  });
});
