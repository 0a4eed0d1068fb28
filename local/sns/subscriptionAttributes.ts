import { type AwsError, unsupported } from "../cloud/awsError";
import { invalidParameter, missingParts } from "./errors";
import { compileFilter } from "./filter";
import type { Filter, Protocol, Subscription, SubscriptionSettings } from "./topic";

type Texts = Readonly<Record<string, string>>;
type Refuse = (what: string) => AwsError;

const settable = ["RawMessageDelivery", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy"];
/** AWS knows these as well. */
const ofOthers = ["DeliveryPolicy", "ReplayPolicy", "SubscriptionRoleArn"];

/** AWS says at which call it refuses an attribute. */
export const refusedBy =
  (call: "Subscribe" | "SetSubscriptionAttributes"): Refuse =>
  (what) =>
    invalidParameter(`${call === "Subscribe" ? "Attributes Reason: " : ""}${what}`);

const isRaw = (value: string, protocol: Protocol, refuse: Refuse): boolean => {
  if (!/^(true|false)$/i.test(value)) {
    throw refuse(`RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
  }
  const raw = value.toLowerCase() === "true";
  if (raw && protocol !== "sqs") throw refuse(`Delivery protocol [${protocol}] does not support raw message delivery.`);
  return raw;
};

const scopeOf = (value: string, refuse: Refuse): Filter["scope"] => {
  if (value === "MessageAttributes" || value === "MessageBody") return value;
  throw refuse(`FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`);
};

const deadLettersOf = (text: string, refuse: Refuse): string => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw refuse(`RedrivePolicy: failed to parse JSON. ${error instanceof Error ? error.message : error}`);
  }
  const { deadLetterTargetArn } = (parsed ?? {}) as { deadLetterTargetArn?: unknown };
  if (typeof deadLetterTargetArn !== "string" || missingParts(deadLetterTargetArn)) {
    throw refuse("RedrivePolicy: deadLetterTargetArn is an invalid arn");
  }
  return deadLetterTargetArn;
};

/** Throws AWS's refusal of an attribute that cannot be set, or our own of one that cannot be set here. */
export const checkNames = (names: readonly string[], refuse: Refuse): void => {
  for (const name of names) {
    if (ofOthers.includes(name)) throw unsupported(`the subscription attribute ${name}`);
    if (!settable.includes(name)) throw refuse("AttributeName");
  }
};

/** What attributes mean. An empty filter or redrive policy takes it away. */
export const settingsOf = (texts: Texts, protocol: Protocol, refuse: Refuse): SubscriptionSettings => {
  const { RawMessageDelivery = "false", FilterPolicy, FilterPolicyScope, RedrivePolicy } = texts;
  const scope = scopeOf(FilterPolicyScope || "MessageAttributes", refuse);
  return {
    raw: isRaw(RawMessageDelivery, protocol, refuse),
    filter: FilterPolicy ? compileFilter(FilterPolicy, scope, refuse) : undefined,
    deadLetterArn: RedrivePolicy ? deadLettersOf(RedrivePolicy, refuse) : undefined,
  };
};

/** Attributes as GetSubscriptionAttributes shows those that can be set. */
export const shown = ({ attributes, settings }: Pick<Subscription, "attributes" | "settings">) => ({
  RawMessageDelivery: String(settings.raw),
  FilterPolicy: settings.filter?.text,
  FilterPolicyScope: settings.filter?.scope,
  RedrivePolicy: attributes["RedrivePolicy"] || undefined,
});
