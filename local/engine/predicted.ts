import type { Cloud, Declared, Realised } from "./program";
import { account, answerDataSource, region } from "./site";

type Inputs = Record<string, unknown>;

const text = (value: unknown, otherwise: string): string => (typeof value === "string" ? value : otherwise);

/** The last part of an ARN, by resource type. What is not listed has no ARN that anything here could ask for. */
const arns: Record<string, (name: string, inputs: Inputs) => string> = {
  "aws:cloudwatch/dashboard:Dashboard": (name) => `cloudwatch::${account}:dashboard/${name}`,
  "aws:cloudwatch/eventArchive:EventArchive": (name) => `events:${region}:${account}:archive/${name}`,
  "aws:cloudwatch/eventBus:EventBus": (name) => `events:${region}:${account}:event-bus/${name}`,
  "aws:cloudwatch/eventRule:EventRule": (name, { eventBusName }) =>
    `events:${region}:${account}:rule/${eventBusName ? `${eventBusName}/` : ""}${name}`,
  "aws:cloudwatch/logGroup:LogGroup": (name) => `logs:${region}:${account}:log-group:${name}`,
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => `cloudwatch:${region}:${account}:alarm:${name}`,
  "aws:dynamodb/table:Table": (name) => `dynamodb:${region}:${account}:table/${name}`,
  "aws:elasticache/parameterGroup:ParameterGroup": (name) => `elasticache:${region}:${account}:parametergroup:${name}`,
  "aws:elasticache/replicationGroup:ReplicationGroup": (name) =>
    `elasticache:${region}:${account}:replicationgroup:${name}`,
  "aws:elasticache/subnetGroup:SubnetGroup": (name) => `elasticache:${region}:${account}:subnetgroup:${name}`,
  "aws:iam/role:Role": (name) => `iam::${account}:role/${name}`,
  "aws:kinesis/stream:Stream": (name) => `kinesis:${region}:${account}:stream/${name}`,
  "aws:kms/key:Key": (name) => `kms:${region}:${account}:key/${name}`,
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": (_, { awsServiceName }) =>
    `iam::${account}:role/aws-service-role/${awsServiceName}/AWSServiceRoleForAmazonOpenSearchService`,
  "aws:lambda/function:Function": (name) => `lambda:${region}:${account}:function:${name}`,
  "aws:opensearch/domain:Domain": (name) => `es:${region}:${account}:domain/${name}`,
  "aws:s3/bucket:Bucket": (name) => `s3:::${name}`,
  "aws:schemas/registry:Registry": (name) => `schemas:${region}:${account}:registry/${name}`,
  "aws:secretsmanager/secret:Secret": (name) => `secretsmanager:${region}:${account}:secret:${name}-AbCdEf`,
  "aws:sfn/stateMachine:StateMachine": (name) => `states:${region}:${account}:stateMachine:${name}`,
  "aws:sns/topic:Topic": (name) => `sns:${region}:${account}:${name}`,
  "aws:sqs/queue:Queue": (name) => `sqs:${region}:${account}:${name}`,
};

/** Outputs beside the ARN that some other resource is wired to. */
const more: Record<string, (name: string) => Inputs> = {
  "aws:apigatewayv2/api:Api": (name) => ({
    apiEndpoint: `https://${name}.execute-api.${region}.amazonaws.com`,
    executionArn: `arn:aws:execute-api:${region}:${account}:${name}`,
  }),
  "aws:cognito/userPool:UserPool": (name) => ({ endpoint: `cognito-idp.${region}.amazonaws.com/${name}` }),
  "aws:elasticache/replicationGroup:ReplicationGroup": (name) => ({
    primaryEndpointAddress: `master.${name}.abc123.use1.cache.amazonaws.com`,
  }),
  "aws:kms/key:Key": (name) => ({ keyId: name }),
  "aws:lambda/invocation:Invocation": () => ({ result: "{}" }),
  "aws:opensearch/domain:Domain": (name) => ({ endpoint: `vpc-${name}-abc123.${region}.es.amazonaws.com` }),
  "aws:sqs/queue:Queue": (name) => ({ url: `https://sqs.${region}.amazonaws.com/${account}/${name}` }),
  "random:index/randomPassword:RandomPassword": (name) => ({ result: `predicted-${name}` }),
};

/** What awsx's remote component would answer. */
const vpc = (name: string): Inputs => ({
  vpcId: `${name}-vpc`,
  publicSubnetIds: [`${name}-public-1`, `${name}-public-2`],
  privateSubnetIds: [`${name}-private-1`, `${name}-private-2`],
  routeTables: ["public-1", "public-2", "private-1", "private-2"].map((id) => ({ id: `${name}-${id}` })),
});

/** Where a resource has its physical name. */
const nameIn = ({ name, inputs }: Declared): string =>
  text(
    inputs["name"] ??
      inputs["dashboardName"] ??
      inputs["replicationGroupId"] ??
      inputs["bucket"] ??
      inputs["domainName"],
    name,
  );

const predict = (declared: Declared): Realised => {
  const { type, name, inputs } = declared;
  if (type === "awsx:ec2:Vpc") return { id: name, outputs: { ...inputs, ...vpc(name) } };
  const physical = nameIn(declared);
  const arn = arns[type];
  return {
    id: more[type]?.(physical)["url"]?.toString() ?? physical,
    outputs: {
      ...inputs,
      name: physical,
      ...more[type]?.(physical),
      ...(arn && { arn: `arn:aws:${arn(physical, inputs)}` }),
    },
  };
};

/** Says what AWS would answer, without asking it. */
export const predicted: Cloud = { realise: predict, invoke: answerDataSource };

/** As `predicted`, but before the first deployment: what AWS would have to say is not known yet. */
export const unknown: Cloud = {
  realise: ({ inputs }) => ({ id: undefined, outputs: inputs }),
  invoke: answerDataSource,
};
