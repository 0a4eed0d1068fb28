import { expect } from "chai";
import type { Resource } from "../../infra/policy/resource";
import { rules } from "../../infra/policy/rules";
import { programOf, stacks } from "./program";

const brokenBy = (...resources: Resource[]): string[] =>
  rules.flatMap(({ name, judge }) =>
    judge(resources).map(({ resource, message }) => `${name}: ${resource} ${message}`),
  );

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const one = (type: string, props: Record<string, unknown>): Resource => ({ type, name: "x", props });

const bucket = one("aws:s3/bucket:Bucket", { bucket: "b" });
const shut = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const block = (over: object) =>
  one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { bucket: "b", ...shut, ...over });
const sse = one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
  bucket: "b",
});
const enabled = { enabled: true };
const table = { name: "signal9-prod-x", serverSideEncryption: enabled };
const watching = { metric: { metricName: "Duration", dimensions: { FunctionName: "f" } } };
const fn = one("aws:lambda/function:Function", { name: "f" });
const alarm = (alarmActions: string[]) =>
  one("aws:cloudwatch/metricAlarm:MetricAlarm", { metricQueries: [watching], alarmActions });

/** What is refused, by what it is refused for; and the same put right. */
const cases: Record<string, { wrong: Resource[]; right: Resource[] }> = {
  "public-bucket: aws:s3/bucket:Bucket x has no block of public access": {
    wrong: [bucket, sse],
    right: [bucket, sse, block({})],
  },
  "public-bucket: aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock x blockPublicPolicy must be true": {
    wrong: [block({ blockPublicPolicy: false })],
    right: [block({})],
  },
  "public-bucket: aws:s3/bucketPolicy:BucketPolicy x lets everybody in": {
    wrong: [one("aws:s3/bucketPolicy:BucketPolicy", { policy: policy({ Effect: "Allow", Principal: { AWS: "*" } }) })],
    right: [one("aws:s3/bucketPolicy:BucketPolicy", { policy: policy({ Effect: "Deny", Principal: "*" }) })],
  },
  "open-security-group: aws:ec2/securityGroup:SecurityGroup x lets the whole internet in": {
    wrong: [one("aws:ec2/securityGroup:SecurityGroup", { ingress: [{ cidrBlocks: ["0.0.0.0/0"] }] })],
    right: [one("aws:ec2/securityGroup:SecurityGroup", { ingress: [{ cidrBlocks: ["10.0.0.0/16"] }] })],
  },
  "open-security-group: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule x lets the whole internet in": {
    wrong: [one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { cidrIpv6: "::/0" })],
    right: [one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { referencedSecurityGroupId: "sg" })],
  },
  "open-security-group: aws:ec2/securityGroupRule:SecurityGroupRule x lets the whole internet in": {
    wrong: [one("aws:ec2/securityGroupRule:SecurityGroupRule", { type: "ingress", cidrBlocks: ["0.0.0.0/0"] })],
    right: [one("aws:ec2/securityGroupRule:SecurityGroupRule", { type: "egress", cidrBlocks: ["0.0.0.0/0"] })],
  },
  "unencrypted: aws:s3/bucket:Bucket x is not encrypted": {
    wrong: [bucket, block({})],
    right: [bucket, block({}), sse],
  },
  "unencrypted: aws:dynamodb/table:Table x is not encrypted": {
    wrong: [one("aws:dynamodb/table:Table", {})],
    right: [one("aws:dynamodb/table:Table", { serverSideEncryption: enabled })],
  },
  "unencrypted: aws:sqs/queue:Queue x is not encrypted": {
    wrong: [one("aws:sqs/queue:Queue", { name: "a-dlq" })],
    right: [one("aws:sqs/queue:Queue", { name: "a-dlq", sqsManagedSseEnabled: true })],
  },
  "unencrypted: aws:sns/topic:Topic x is not encrypted": {
    wrong: [one("aws:sns/topic:Topic", {})],
    right: [one("aws:sns/topic:Topic", { kmsMasterKeyId: "key" })],
  },
  "unencrypted: aws:kinesis/stream:Stream x is not encrypted": {
    wrong: [one("aws:kinesis/stream:Stream", { encryptionType: "NONE" })],
    right: [one("aws:kinesis/stream:Stream", { encryptionType: "KMS" })],
  },
  "unencrypted: aws:elasticache/replicationGroup:ReplicationGroup x is not encrypted": {
    wrong: [one("aws:elasticache/replicationGroup:ReplicationGroup", { atRestEncryptionEnabled: true })],
    right: [
      one("aws:elasticache/replicationGroup:ReplicationGroup", {
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: true,
      }),
    ],
  },
  "unencrypted: aws:opensearch/domain:Domain x is not encrypted": {
    wrong: [one("aws:opensearch/domain:Domain", { encryptAtRest: enabled, nodeToNodeEncryption: enabled })],
    right: [
      one("aws:opensearch/domain:Domain", {
        encryptAtRest: enabled,
        nodeToNodeEncryption: enabled,
        domainEndpointOptions: { enforceHttps: true },
      }),
    ],
  },
  "wide-action: aws:iam/rolePolicy:RolePolicy x allows dynamodb:*": {
    wrong: [one("aws:iam/rolePolicy:RolePolicy", { policy: policy({ Effect: "Allow", Action: ["dynamodb:*"] }) })],
    right: [one("aws:iam/rolePolicy:RolePolicy", { policy: policy({ Effect: "Deny", Action: "*" }) })],
  },
  "wide-action: aws:iam/rolePolicyAttachment:RolePolicyAttachment x attaches arn:aws:iam::aws:policy/AmazonSQSFullAccess":
    {
      wrong: [
        one("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
          policyArn: "arn:aws:iam::aws:policy/AmazonSQSFullAccess",
        }),
      ],
      right: [
        one("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: "arn:aws:iam::aws:policy/ReadOnly" }),
      ],
    },
  "unretained-logs: aws:cloudwatch/logGroup:LogGroup x keeps its lines for ever": {
    wrong: [one("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 0 })],
    right: [one("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 30 })],
  },
  "no-dead-letters: aws:sqs/queue:Queue x has no dead letter queue": {
    wrong: [one("aws:sqs/queue:Queue", { name: "a", sqsManagedSseEnabled: true })],
    right: [one("aws:sqs/queue:Queue", { name: "a", sqsManagedSseEnabled: true, redrivePolicy: "{}" })],
  },
  "no-dead-letters: aws:cloudwatch/eventTarget:EventTarget x has no dead letter queue": {
    wrong: [one("aws:cloudwatch/eventTarget:EventTarget", { arn: "arn:aws:sqs:us-east-1:1:q" })],
    right: [one("aws:cloudwatch/eventTarget:EventTarget", { arn: "arn:aws:sqs:us-east-1:1:q", deadLetterConfig: {} })],
  },
  "no-dead-letters: aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig x has no destination for failures": {
    wrong: [one("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", {})],
    right: [
      one("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", { destinationConfig: { onFailure: {} } }),
    ],
  },
  "no-alarm: aws:lambda/function:Function x has no alarm": { wrong: [fn], right: [fn, alarm(["topic"])] },
  "no-alarm: aws:cloudwatch/metricAlarm:MetricAlarm x tells nobody": { wrong: [alarm([])], right: [alarm(["topic"])] },
  "unrecoverable: aws:dynamodb/table:Table x could be lost": {
    wrong: [one("aws:dynamodb/table:Table", table)],
    right: [
      one("aws:dynamodb/table:Table", { ...table, pointInTimeRecovery: enabled, deletionProtectionEnabled: true }),
    ],
  },
};

describe("what must never be deployed", () => {
  for (const [refusal, { wrong, right }] of Object.entries(cases)) {
    it(`is refused: ${refusal}`, () => {
      expect(brokenBy(...wrong)).to.deep.equal([refusal]);
      expect(brokenBy(...right)).to.deep.equal([]);
    });
  }

  it("has a rule for each case that is tried, and a case for each rule", () => {
    const tried = new Set(Object.keys(cases).map((refusal) => refusal.split(":")[0]));
    expect([...tried].sort()).to.deep.equal(rules.map(({ name }) => name).sort());
  });

  for (const stack of stacks) {
    it(`is not in ${stack}`, async () => {
      const { resources } = await programOf({ stack });
      expect(brokenBy(...resources.map(({ type, name, inputs }) => ({ type, name, props: inputs })))).to.deep.equal([]);
    });
  }
});
