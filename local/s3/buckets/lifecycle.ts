import type { LifecycleRule } from "../lifecycle/rule";

const filterOf = ({ prefix, tags, largerThan, smallerThan }: LifecycleRule) => {
  const conditions = [
    ...(prefix ? [{ Prefix: prefix }] : []),
    ...Object.entries(tags).map(([Key, Value]) => ({ Tag: { Key, Value } })),
    ...(largerThan === undefined ? [] : [{ ObjectSizeGreaterThan: largerThan }]),
    ...(smallerThan === undefined ? [] : [{ ObjectSizeLessThan: smallerThan }]),
  ];
  const [only = { Prefix: "" }, ...others] = conditions;
  if (others.length === 0) return only;
  return {
    And: {
      Prefix: prefix || undefined,
      Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      ObjectSizeGreaterThan: largerThan,
      ObjectSizeLessThan: smallerThan,
    },
  };
};

const expirationOf = ({ expireAfterDays, expireOn, removeLoneMarkers }: LifecycleRule) =>
  expireAfterDays === undefined && expireOn === undefined && !removeLoneMarkers
    ? undefined
    : {
        Days: expireAfterDays,
        Date: expireOn === undefined ? undefined : new Date(expireOn).toISOString(),
        ExpiredObjectDeleteMarker: removeLoneMarkers || undefined,
      };

/** A rule as S3 tells it. */
export const describeRule = (rule: LifecycleRule) => ({
  ID: rule.id,
  Status: rule.enabled ? "Enabled" : "Disabled",
  Filter: filterOf(rule),
  Expiration: expirationOf(rule),
  NoncurrentVersionExpiration:
    rule.noncurrentDays === undefined
      ? undefined
      : { NoncurrentDays: rule.noncurrentDays, NewerNoncurrentVersions: rule.noncurrentKept },
  AbortIncompleteMultipartUpload:
    rule.abortUploadsAfterDays === undefined ? undefined : { DaysAfterInitiation: rule.abortUploadsAfterDays },
});
