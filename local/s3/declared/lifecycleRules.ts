import type { Declared } from "../../engine/program";
import type { LifecycleRule } from "../lifecycle/rule";
import { type Properties, refusal, understand } from "./understood";

/** In these an object would have to be restored before it could be read, which nothing here does. */
const frozen = ["GLACIER", "DEEP_ARCHIVE"];

interface Filter {
  prefix?: string;
  tags?: Record<string, string>;
  objectSizeGreaterThan?: number;
  objectSizeLessThan?: number;
}

const conditions = ["prefix", "objectSizeGreaterThan", "objectSizeLessThan"];

const filterOf = (declared: Declared, rule: Properties): Filter => {
  const filter = understand(declared, rule["filter"], [...conditions, "tag", "and"], "rules.filter.");
  const both = understand(declared, filter["and"], [...conditions, "tags"], "rules.filter.and.");
  const tag = filter["tag"] as { key: string; value: string } | undefined;
  return {
    ...(rule["prefix"] ? { prefix: String(rule["prefix"]) } : {}),
    ...filter,
    ...(tag && { tags: { [tag.key]: tag.value } }),
    ...both,
  } as Filter;
};

/** Storage classes cost less there and change nothing here. */
const checkTransitions = (declared: Declared, rule: Properties): void => {
  const transitions = [rule["transitions"] ?? [], rule["noncurrentVersionTransitions"] ?? []].flat() as Properties[];
  const froze = transitions.find(({ storageClass }) => frozen.includes(String(storageClass)));
  if (froze) throw refusal(declared, `a transition to ${froze["storageClass"]} is not supported by the embedded cloud`);
};

const numberOf = (properties: Properties, name: string): number | undefined => properties[name] as number | undefined;

const defined = <T extends object>(properties: { [K in keyof T]?: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as T;

export const lifecycleRule = (declared: Declared, source: unknown): LifecycleRule => {
  const rule = understand(
    declared,
    source,
    [
      "id",
      "status",
      "filter",
      "prefix",
      "expiration",
      "noncurrentVersionExpiration",
      "abortIncompleteMultipartUpload",
      "transitions",
      "noncurrentVersionTransitions",
    ],
    "rules.",
  );
  checkTransitions(declared, rule);
  const filter = filterOf(declared, rule);
  const expiration = understand(
    declared,
    rule["expiration"],
    ["days", "date", "expiredObjectDeleteMarker"],
    "rules.expiration.",
  );
  const noncurrent = understand(
    declared,
    rule["noncurrentVersionExpiration"],
    ["noncurrentDays", "newerNoncurrentVersions"],
    "rules.noncurrentVersionExpiration.",
  );
  const abort = understand(
    declared,
    rule["abortIncompleteMultipartUpload"],
    ["daysAfterInitiation"],
    "rules.abortIncompleteMultipartUpload.",
  );
  const date = expiration["date"];
  return defined<LifecycleRule>({
    id: String(rule["id"]),
    enabled: rule["status"] === "Enabled",
    prefix: filter.prefix ?? "",
    tags: filter.tags ?? {},
    largerThan: filter.objectSizeGreaterThan,
    smallerThan: filter.objectSizeLessThan,
    expireAfterDays: numberOf(expiration, "days"),
    expireOn: date === undefined ? undefined : Date.parse(String(date)),
    removeLoneMarkers: expiration["expiredObjectDeleteMarker"] === true ? true : undefined,
    noncurrentDays: numberOf(noncurrent, "noncurrentDays"),
    noncurrentKept: numberOf(noncurrent, "newerNoncurrentVersions"),
    abortUploadsAfterDays: numberOf(abort, "daysAfterInitiation"),
  });
};
