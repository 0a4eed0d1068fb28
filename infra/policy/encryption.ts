import { each, ofType, type Resource, type Rule, type Violation, violation } from "./resource";

const on = (value: unknown): boolean => (value as { enabled?: boolean } | undefined)?.enabled === true;

const unencryptedBuckets = (resources: readonly Resource[]): Violation[] => {
  const type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
  const encrypted = new Set(ofType(resources, type).map(({ props }) => props["bucket"]));
  return ofType(resources, "aws:s3/bucket:Bucket").flatMap((bucket) =>
    encrypted.has(bucket.props["bucket"]) ? [] : [violation(bucket, "is not encrypted")],
  );
};

/** What a type must have to be encrypted at rest and on its way. */
const encrypted: Record<string, (props: Resource["props"]) => boolean> = {
  "aws:dynamodb/table:Table": ({ serverSideEncryption }) => on(serverSideEncryption),
  "aws:sqs/queue:Queue": ({ sqsManagedSseEnabled, kmsMasterKeyId }) =>
    sqsManagedSseEnabled === true || Boolean(kmsMasterKeyId),
  "aws:sns/topic:Topic": ({ kmsMasterKeyId }) => Boolean(kmsMasterKeyId),
  "aws:kinesis/stream:Stream": ({ encryptionType }) => encryptionType === "KMS",
  "aws:elasticache/replicationGroup:ReplicationGroup": ({ atRestEncryptionEnabled, transitEncryptionEnabled }) =>
    String(atRestEncryptionEnabled) === "true" && transitEncryptionEnabled === true,
  "aws:opensearch/domain:Domain": ({ encryptAtRest, nodeToNodeEncryption, domainEndpointOptions }) =>
    on(encryptAtRest) &&
    on(nodeToNodeEncryption) &&
    (domainEndpointOptions as { enforceHttps?: boolean } | undefined)?.enforceHttps === true,
};

export const unencrypted: Rule = {
  name: "unencrypted",
  description: "Everything that keeps or carries data is encrypted.",
  judge: (resources) => [
    ...unencryptedBuckets(resources),
    ...Object.entries(encrypted).flatMap(([type, isEncrypted]) =>
      each(type, (props) => (isEncrypted(props) ? undefined : "is not encrypted"))(resources),
    ),
  ],
};
