import { region } from "../../cloud/cloud";
import type { Realise } from "../../cloud/service";
import type { Declared, Realised } from "../../engine/program";
import { setNotification } from "../buckets/notification";
import { setPolicy } from "../buckets/policy";
import type { S3 } from "../operation";
import type { Bucket } from "../store/bucket";
import type { BucketSettings } from "../store/settings";
import { declaredCors } from "./cors";
import { lifecycleRule } from "./lifecycleRules";
import { declaredNotification } from "./notifications";
import { type Properties, refusal, understand } from "./understood";

/** Understood, and without an effect here. */
const withoutEffect = ["region", "tags", "tagsAll", "forceDestroy", "expectedBucketOwner", "skipDestroy"];

/** Makes a bucket, or takes over the one that was kept with its objects; its settings are as the program says again. */
const realiseBucket = ({ buckets }: S3, declared: Declared): Realised => {
  const inputs = understand(declared, declared.inputs, ["bucket", "bucketPrefix", ...withoutEffect]);
  const prefix = inputs["bucketPrefix"];
  const name = String(inputs["bucket"] ?? (prefix === undefined ? declared.name : `${prefix}${declared.name}`));
  const bucket = buckets.create(name);
  bucket.resetSettings();
  return {
    id: name,
    outputs: {
      ...inputs,
      bucket: name,
      arn: bucket.arn,
      region,
      bucketRegion: region,
      bucketDomainName: `${name}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      hostedZoneId: "Z3AQBSTGFAJSTF",
    },
  };
};

const versioningOf = (declared: Declared): Partial<BucketSettings> => {
  const { versioningConfiguration } = understand(declared, declared.inputs, [
    "bucket",
    "versioningConfiguration",
    ...withoutEffect,
  ]);
  const { status } = understand(declared, versioningConfiguration, ["status"], "versioningConfiguration.");
  if (status === "Disabled") return { versioning: undefined };
  if (status === "Enabled" || status === "Suspended") return { versioning: status };
  throw refusal(declared, `versioning cannot be ${status}`);
};

const publicAccessOf = (declared: Declared): Partial<BucketSettings> => {
  const names = ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"];
  const inputs = understand(declared, declared.inputs, ["bucket", ...names, ...withoutEffect]);
  return {
    publicAccess: {
      BlockPublicAcls: inputs["blockPublicAcls"] === true,
      IgnorePublicAcls: inputs["ignorePublicAcls"] === true,
      BlockPublicPolicy: inputs["blockPublicPolicy"] === true,
      RestrictPublicBuckets: inputs["restrictPublicBuckets"] === true,
    },
  };
};

const encryptionOf = (declared: Declared): Partial<BucketSettings> => {
  const { rules } = understand(declared, declared.inputs, ["bucket", "rules", ...withoutEffect]);
  const [rule] = rules as Properties[];
  const known = ["applyServerSideEncryptionByDefault", "bucketKeyEnabled", "blockedEncryptionTypes"];
  const { applyServerSideEncryptionByDefault, bucketKeyEnabled } = understand(declared, rule, known, "rules.");
  const { sseAlgorithm = "AES256", kmsMasterKeyId } = understand(
    declared,
    applyServerSideEncryptionByDefault,
    ["sseAlgorithm", "kmsMasterKeyId"],
    "rules.applyServerSideEncryptionByDefault.",
  );
  return {
    encryption: {
      algorithm: String(sseAlgorithm),
      ...(kmsMasterKeyId !== undefined && { keyId: String(kmsMasterKeyId) }),
      bucketKey: bucketKeyEnabled === true,
    },
  };
};

const lifecycleOf = (declared: Declared): Partial<BucketSettings> => {
  const known = ["bucket", "rules", "transitionDefaultMinimumObjectSize", "timeouts", ...withoutEffect];
  const { rules = [] } = understand(declared, declared.inputs, known);
  return { lifecycle: (rules as unknown[]).map((rule) => lifecycleRule(declared, rule)) };
};

/** Nobody but the account owns anything here, so that there is nothing to control. */
const ownershipOf = (declared: Declared): Partial<BucketSettings> => {
  const { rule } = understand(declared, declared.inputs, ["bucket", "rule", ...withoutEffect]);
  const { objectOwnership } = understand(declared, rule, ["objectOwnership"], "rule.");
  if (objectOwnership !== "BucketOwnerEnforced") {
    throw refusal(declared, `objectOwnership ${objectOwnership} is not supported by the embedded cloud`);
  }
  return {};
};

export const s3Resources = (s3: S3): Record<string, Realise> => {
  const bucketOf = ({ inputs }: Declared): Bucket => s3.buckets.find(String(inputs["bucket"]));
  const realised = ({ inputs }: Declared): Realised => ({
    id: String(inputs["bucket"]),
    outputs: { ...inputs, region },
  });
  const setting =
    (read: (declared: Declared) => Partial<BucketSettings>): Realise =>
    (declared) => {
      bucketOf(declared).configure(read(declared));
      return realised(declared);
    };
  const current: Record<string, Realise> = {
    Bucket: (declared) => realiseBucket(s3, declared),
    BucketVersioning: setting(versioningOf),
    BucketServerSideEncryptionConfiguration: setting(encryptionOf),
    BucketLifecycleConfiguration: setting(lifecycleOf),
    BucketCorsConfiguration: setting(declaredCors),
  };
  const tokenOf = (type: string): string => `aws:s3/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`;
  return {
    ...Object.fromEntries(
      // Each of these is also there under the name it had before.
      Object.entries(current).flatMap(([type, realise]) => [
        [tokenOf(type), realise],
        [tokenOf(`${type}V2`), realise],
      ]),
    ),
    [tokenOf("BucketPublicAccessBlock")]: setting(publicAccessOf),
    [tokenOf("BucketOwnershipControls")]: setting(ownershipOf),
    [tokenOf("BucketPolicy")]: (declared) => {
      const { policy } = understand(declared, declared.inputs, ["bucket", "policy", ...withoutEffect]);
      setPolicy(bucketOf(declared), typeof policy === "string" ? policy : JSON.stringify(policy));
      return realised(declared);
    },
    [tokenOf("BucketNotification")]: async (declared) => {
      const options = { requestId: s3.cloud.newId(), tryOut: true };
      await setNotification(s3, bucketOf(declared), declaredNotification(declared), options);
      return realised(declared);
    },
  };
};
