import type { ObjectVersion } from "../store/version";

/** When what becomes of which objects. Undefined asks for nothing, or does nothing. */
export interface LifecycleRule {
  id: string;
  enabled: boolean;
  prefix: string;
  tags: Record<string, string>;
  /** In bytes. */
  largerThan?: number;
  smallerThan?: number;
  expireAfterDays?: number;
  /** Milliseconds since 1970. */
  expireOn?: number;
  removeLoneMarkers?: boolean;
  noncurrentDays?: number;
  /** So many of the newest that are not current are kept however old they are. */
  noncurrentKept?: number;
  abortUploadsAfterDays?: number;
}

const day = 86_400_000;

/** Rounded up to midnight, as S3 does. */
export const midnightAfter = (moment: number, days: number): number => Math.ceil((moment + days * day) / day) * day;

export const concerns = (
  rule: LifecycleRule,
  { key, size, tags }: Pick<ObjectVersion, "key" | "size" | "tags">,
): boolean =>
  rule.enabled &&
  key.startsWith(rule.prefix) &&
  Object.entries(rule.tags).every(([name, value]) => tags[name] === value) &&
  size > (rule.largerThan ?? -1) &&
  size < (rule.smallerThan ?? Number.POSITIVE_INFINITY);

export type Fate = { version: ObjectVersion; what: "expire" | "remove" };

const fateOfNewest = (rules: readonly LifecycleRule[], versions: readonly ObjectVersion[], now: number): Fate[] => {
  const [newest] = versions;
  if (!newest) return [];
  if (newest.deleteMarker) {
    const alone = versions.length === 1;
    return alone && rules.some((rule) => markerDue(rule, newest, now)) ? [{ version: newest, what: "remove" }] : [];
  }
  const due = rules.some(
    (rule) =>
      concerns(rule, newest) &&
      ((rule.expireAfterDays !== undefined && midnightAfter(newest.lastModified, rule.expireAfterDays) <= now) ||
        (rule.expireOn !== undefined && rule.expireOn <= now)),
  );
  return due ? [{ version: newest, what: "expire" }] : [];
};

/** Expiration in days also clears away a marker that hides nothing any more. */
const markerDue = (rule: LifecycleRule, marker: ObjectVersion, now: number): boolean =>
  rule.enabled &&
  marker.key.startsWith(rule.prefix) &&
  (rule.removeLoneMarkers === true ||
    (rule.expireAfterDays !== undefined && midnightAfter(marker.lastModified, rule.expireAfterDays) <= now));

/** What the rules want done with the versions of one key, which come newest first. */
export const fates = (rules: readonly LifecycleRule[], versions: readonly ObjectVersion[], now: number): Fate[] => {
  const old = versions.flatMap((version, at): Fate[] => {
    const successor = versions[at - 1];
    if (!successor) return [];
    const due = rules.some(
      (rule) =>
        rule.noncurrentDays !== undefined &&
        concerns(rule, version) &&
        at > (rule.noncurrentKept ?? 0) &&
        midnightAfter(successor.lastModified, rule.noncurrentDays) <= now,
    );
    return due ? [{ version, what: "remove" }] : [];
  });
  return [...fateOfNewest(rules, versions, now), ...old];
};
