import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { service } from "../../../local/iam/principal";
import { createIdentity, type Identity } from "../../../local/identity/service";
import { createKms, type Kms } from "../../../local/kms/service";
import { createNetwork } from "../../../local/network/service";
import { createSts } from "../../../local/sts/service";
import { startTestCloud, type TestCloud } from "../cloud";

const role = "arn:aws:iam::123456789012:role/worker";
const trust = (principal: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: principal }, Action: "sts:AssumeRole" }],
  });
const keyPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "kms:*", Resource: "*" },
    {
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
    },
  ],
});

describe("roles, keys and the network on the embedded cloud", () => {
  let world: TestCloud;
  let identity: Identity;
  let kms: Kms;
  before(async () => {
    world = await startTestCloud((cloud) => {
      identity = createIdentity(cloud);
      kms = createKms(cloud);
      return [identity, kms, createSts(cloud), createNetwork(cloud)];
    });
    await world.declare("aws:iam/role:Role", "worker", {
      name: "worker",
      assumeRolePolicy: trust("lambda.amazonaws.com"),
    });
    await world.declare("aws:iam/rolePolicy:RolePolicy", "worker", {
      role: "worker",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "iam:GetRole", Resource: role }],
      }),
    });
  });
  after(() => world.close());

  /** A call in the query protocol, for which no SDK client is needed. */
  const ask = async (signingName: string, fields: Record<string, string>, accessKeyId = "local") => {
    const response = await fetch(world.gateway.url, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/${signingName}/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: new URLSearchParams(fields),
    });
    return { status: response.status, text: await response.text() };
  };
  const askKms = async (operation: string, input: object) => {
    const response = await fetch(world.gateway.url, {
      method: "POST",
      headers: {
        "x-amz-target": `TrentService.${operation}`,
        authorization:
          "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: JSON.stringify(input),
    });
    return (await response.json()) as Record<string, unknown>;
  };

  it("let a service assume only the roles that trust it", () => {
    expect(() => identity.assertAssumableBy(role, "lambda.amazonaws.com")).not.to.throw();
    expect(() => identity.assertAssumableBy(role, "ec2.amazonaws.com")).to.throw(/sts:AssumeRole/);
    expect(() => identity.assertAssumableBy("arn:aws:iam::123456789012:role/nobody", "lambda.amazonaws.com")).to.throw(
      /nobody cannot be found/,
    );
  });

  it("show roles and their policies", async () => {
    expect((await ask("iam", { Action: "GetRole", RoleName: "worker" })).text).to.include(`<Arn>${role}</Arn>`);
    await world.declare("aws:iam/role:Role", "other", {
      name: "worker-2",
      assumeRolePolicy: trust("sns.amazonaws.com"),
    });
    const { text: listed } = await ask("iam", { Action: "ListRoles" });
    expect(listed).to.include("<RoleName>worker</RoleName>");
    const each = (element: string) => listed.match(new RegExp(`<${element}>[^<]+`, "g")) ?? [];
    expect(new Set(each("RoleId"))).to.have.property("size", 2);
    for (const date of each("CreateDate")) {
      expect(new Date(date.slice("<CreateDate>".length)).getTime()).to.be.closeTo(Date.now(), 60_000);
    }
    expect((await ask("iam", { Action: "ListRolePolicies", RoleName: "worker" })).text).to.include(
      "<member>worker</member>",
    );
    expect((await ask("iam", { Action: "GetRolePolicy", RoleName: "worker", PolicyName: "worker" })).text).to.include(
      "iam%3AGetRole",
    );
    const nobody = await ask("iam", { Action: "GetRole", RoleName: "nobody" });
    expect(nobody).to.deep.include({ status: 404 });
    expect(nobody.text)
      .to.include("<Code>NoSuchEntity</Code>")
      .and.to.include("<Message>The role with name nobody cannot be found.</Message>");
    expect((await ask("iam", { Action: "GetRolePolicy", RoleName: "worker", PolicyName: "none" })).text).to.include(
      "<Message>The role policy with name none cannot be found.</Message>",
    );
    const within = await ask("iam", { Action: "ListRoles", PathPrefix: "/aws-service-role/" });
    expect(within.text).to.include("does not support the parameter PathPrefix of iam:ListRoles");
    expect((await ask("iam", { Action: "CreateUser" })).text).to.include("does not support iam:CreateUser");
    expect((await ask("ec2", { Action: "DescribeVpcs" })).text).to.include("does not support ec2:DescribeVpcs");
  });

  it("know who calls", async () => {
    const me = await new STSClient(world.client).send(new GetCallerIdentityCommand({}));
    expect(me).to.include({ Arn: "arn:aws:iam::123456789012:user/local", Account: "123456789012" });
    const as = new STSClient(world.asRole([{ Action: "iam:GetRole", Resource: role }]));
    expect((await as.send(new GetCallerIdentityCommand({}))).Arn).to.match(/assumed-role\/tester-\d+\/test$/);
    for (const stranger of [
      await ask("iam", { Action: "GetRole", RoleName: "worker" }, "unknown"),
      await ask("sts", { Action: "GetCallerIdentity" }, "unknown"),
    ]) {
      expect(stranger.status).to.equal(403);
      expect(stranger.text)
        .to.include("<Code>InvalidClientTokenId</Code>")
        .and.to.include("The security token included in the request is invalid")
        .and.to.include("access key unknown is not known here");
    }
  });

  it("refuse as IAM does, which calls a role by its name", async () => {
    const { credentials } = world.asRole([{ Action: "iam:GetRole", Resource: role }]);
    const { status, text } = await ask(
      "iam",
      { Action: "ListRolePolicies", RoleName: "worker" },
      (credentials as { accessKeyId: string }).accessKeyId,
    );
    expect(status).to.equal(403);
    expect(text).to.include("<Code>AccessDenied</Code>");
    expect(text).to.match(
      /is not authorized to perform: iam:ListRolePolicies on resource: role worker because no identity-based policy allows the iam:ListRolePolicies action<\/Message>/,
    );
  });

  it("admit to a key whom its policy admits", async () => {
    const { id, outputs } = await world.declare("aws:kms/key:Key", "topics", {
      description: "for topics",
      policy: keyPolicy,
      enableKeyRotation: true,
      deletionWindowInDays: 7,
    });
    await world.declare("aws:kms/alias:Alias", "topics", { name: "alias/topics", targetKeyId: id });
    expect(String(id)).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    kms.canUseKey(service("cloudwatch.amazonaws.com"), "alias/topics");
    expect(() => kms.canUseKey(service("events.amazonaws.com"), String(outputs["arn"]))).to.throw(
      /kms:GenerateDataKey/,
    );
    expect((await askKms("DescribeKey", { KeyId: id }))["KeyMetadata"]).to.include({
      Description: "for topics",
      Enabled: true,
    });
    expect((await askKms("GetKeyPolicy", { KeyId: "alias/topics" }))["Policy"]).to.equal(keyPolicy);
    expect((await askKms("ListAliases", {}))["Aliases"]).to.have.length(1);
    expect((await askKms("ListKeys", {}))["Keys"]).to.deep.equal([{ KeyId: id, KeyArn: outputs["arn"] }]);
    const other = await world.declare("aws:kms/key:Key", "other", { policy: keyPolicy });
    expect((await askKms("ListAliases", { KeyId: other.id }))["Aliases"]).to.deep.equal([]);
    expect((await askKms("ListAliases", { KeyId: id }))["Aliases"]).to.have.length(1);
    expect((await askKms("ListKeys", { Limit: 1 }))["message"]).to.equal(
      "The embedded cloud does not support the parameter Limit of kms:ListKeys.",
    );
    expect((await askKms("DescribeKey", { KeyId: "none" }))["__type"]).to.equal("NotFoundException");
    expect((await askKms("Encrypt", { KeyId: id, Plaintext: "eA==" }))["message"]).to.equal(
      "The embedded cloud does not support kms:Encrypt.",
    );
  });

  it("name a VPC's parts, the same for the same name", async () => {
    const args = { cidrBlock: "10.0.0.0/16", natGateways: { strategy: "Single" } };
    const [one, again] = [
      await world.declare("awsx:ec2:Vpc", "network", args),
      await world.declare("awsx:ec2:Vpc", "network", args),
    ];
    expect(one).to.deep.equal(again);
    expect(one.outputs["vpcId"]).to.match(/^vpc-0[0-9a-f]{16}$/);
    expect(one.outputs["routeTables"]).to.have.length(4);
    const group = await world.declare("aws:ec2/securityGroup:SecurityGroup", "functions", {
      vpcId: one.outputs["vpcId"],
      name: "functions",
      description: "d",
    });
    expect(group.id).to.match(/^sg-0/);
    const refused = await Promise.resolve(
      world.declare("aws:ec2/vpcEndpoint:VpcEndpoint", "odd", { dnsOptions: {} }),
    ).catch((error: Error) => error.message);
    expect(refused).to.equal(
      "aws:ec2/vpcEndpoint:VpcEndpoint odd: property dnsOptions is not supported by the embedded cloud",
    );
  });
});
