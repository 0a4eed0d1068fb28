import { invalidArgument } from "../errors";

export type TargetKind = "Queue" | "Topic" | "CloudFunction";

/** Who is told of what. */
export interface NotificationTarget {
  id: string;
  kind: TargetKind;
  arn: string;
  /** Such as `s3:ObjectCreated:*`. */
  events: readonly string[];
  prefix: string;
  suffix: string;
}

/** All who are told what happens in a bucket. */
export interface Notification {
  targets: readonly NotificationTarget[];
  eventBridge: boolean;
}

const known = [
  "s3:ObjectCreated:*",
  "s3:ObjectCreated:Put",
  "s3:ObjectCreated:Post",
  "s3:ObjectCreated:Copy",
  "s3:ObjectCreated:CompleteMultipartUpload",
  "s3:ObjectRemoved:*",
  "s3:ObjectRemoved:Delete",
  "s3:ObjectRemoved:DeleteMarkerCreated",
  "s3:LifecycleExpiration:*",
  "s3:LifecycleExpiration:Delete",
  "s3:LifecycleExpiration:DeleteMarkerCreated",
  "s3:ObjectTagging:*",
  "s3:ObjectTagging:Put",
  "s3:ObjectTagging:Delete",
];

const covers = (pattern: string, event: string): boolean =>
  pattern === event || (pattern.endsWith("*") && event.startsWith(pattern.slice(0, -1)));

const eitherCovers = (a: string, b: string): boolean => covers(a, b) || covers(b, a);

const overlap = (a: NotificationTarget, b: NotificationTarget): boolean =>
  a.events.some((one) => b.events.some((other) => eitherCovers(one, other))) &&
  (a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix)) &&
  (a.suffix.endsWith(b.suffix) || b.suffix.endsWith(a.suffix));

/** Refuses what S3 refuses: events it does not know, and two targets for one event of one key. */
export const checkTargets = (targets: readonly NotificationTarget[]): void => {
  for (const event of targets.flatMap(({ events }) => events)) {
    if (!known.includes(event)) throw invalidArgument("The event is not supported for notifications", "Event", event);
  }
  targets.forEach((target, at) => {
    const other = targets.slice(0, at).find((one) => overlap(one, target));
    if (!other) return;
    throw invalidArgument(
      "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
      target.arn,
      other.arn,
    );
  });
};

export const wants = ({ events, prefix, suffix }: NotificationTarget, event: string, key: string): boolean =>
  events.some((pattern) => covers(pattern, `s3:${event}`)) && key.startsWith(prefix) && key.endsWith(suffix);
