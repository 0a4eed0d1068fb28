import { unsupported } from "../../cloud/awsError";
import type { Call } from "../../cloud/service";
import { malformedXml } from "../errors";
import { checkTargets, type Notification, type NotificationTarget, type TargetKind } from "../notification/target";
import type { S3 } from "../operation";
import type { Bucket } from "../store/bucket";
import type { BucketSettings } from "../store/settings";
import type { S3Request } from "../wire/protocol";
import { childOf, childrenOf, type Element, parseXml, strangerIn, textOf } from "../wire/xmlDocument";

const kinds: readonly TargetKind[] = ["Queue", "Topic", "CloudFunction"];
const forEventBridge = "EventBridgeConfiguration";
const elementOf = (kind: TargetKind): string => `${kind}Configuration`;

const filterIn = (element: Element): Record<string, string> =>
  Object.fromEntries(
    childrenOf(childOf(childOf(element, "Filter"), "S3Key"), "FilterRule").map((rule) => {
      const name = textOf(rule, "Name")?.toLowerCase();
      if (name !== "prefix" && name !== "suffix") throw malformedXml();
      return [name, textOf(rule, "Value") ?? ""];
    }),
  );

const targetIn = (element: Element, kind: TargetKind, id: string): NotificationTarget => {
  const arn = textOf(element, kind);
  const events = childrenOf(element, "Event").map(({ text }) => text);
  if (!arn || events.length === 0) throw malformedXml();
  const { prefix = "", suffix = "" } = filterIn(element);
  return { id: textOf(element, "Id") ?? id, kind, arn, events, prefix, suffix };
};

/** Takes the place of all there was, once those who are to be told may be. */
export const setNotification = async (
  { notifier }: S3,
  bucket: Bucket,
  { targets, eventBridge }: Notification,
  options: { requestId: string; tryOut: boolean },
): Promise<void> => {
  checkTargets(targets);
  if (options.tryOut) await notifier.tryOut(bucket, targets, options.requestId);
  bucket.configure({ notifications: targets, eventBridge });
};

export const putNotification = async (
  s3: S3,
  { bucket: name, headers, body }: S3Request,
  { requestId }: Call,
): Promise<void> => {
  const root = parseXml(body, "NotificationConfiguration");
  const stranger = strangerIn(root, [...kinds.map(elementOf), forEventBridge]);
  if (stranger) throw unsupported(`${stranger} of a bucket's notifications`);
  const targets = kinds.flatMap((kind) =>
    childrenOf(root, elementOf(kind)).map((element) => targetIn(element, kind, s3.cloud.newId())),
  );
  const tryOut = headers["x-amz-skip-destination-validation"]?.toLowerCase() !== "true";
  const eventBridge = childOf(root, forEventBridge) !== undefined;
  await setNotification(s3, s3.buckets.find(name), { targets, eventBridge }, { requestId, tryOut });
};

const filterOf = ({ prefix, suffix }: NotificationTarget) => {
  const rules = Object.entries({ Prefix: prefix, Suffix: suffix }).filter(([, value]) => value !== "");
  return rules.length > 0 ? { S3Key: { FilterRule: rules.map(([Name, Value]) => ({ Name, Value })) } } : undefined;
};

export const describeNotification = ({ notifications: targets, eventBridge }: BucketSettings) => ({
  ...(eventBridge && { [forEventBridge]: {} }),
  ...Object.fromEntries(
    kinds.map((kind) => [
      elementOf(kind),
      targets
        .filter((target) => target.kind === kind)
        .map((target) => ({ Id: target.id, [kind]: target.arn, Event: [...target.events], Filter: filterOf(target) })),
    ]),
  ),
});
