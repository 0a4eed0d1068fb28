import { invocationIn, type LetterCategory, parsed } from "./reason";

/** A message attribute, as SQS takes it; binary values in base64. */
export interface Attribute {
  type: string;
  text?: string;
  binary?: string;
}

export type Attributes = Record<string, Attribute>;

/** What happens once more when a letter is redriven. */
export type Delivery =
  | { kind: "message"; queue: string; body: string; attributes: Attributes }
  | { kind: "invocation"; function: string; payload: string };

export interface Deliverable {
  source: string;
  category: LetterCategory;
  trigger?: string;
}

const isFunction = (arn: string): boolean => arn.split(":")[2] === "lambda";

/** What the rule makes of a scheduled event: infra/schedule.ts says so to EventBridge. */
const firing = (body: string, trigger: string | undefined): string | undefined => {
  const event = parsed(body) as { trigger?: unknown; time?: unknown } | undefined;
  const name = typeof event?.trigger === "string" ? event.trigger : trigger;
  if (name === undefined || typeof event?.time !== "string") return undefined;
  return JSON.stringify({ trigger: name, time: event.time });
};

const payloadIn = (body: string, trigger: string | undefined): string | undefined => {
  const invocation = invocationIn(body);
  return invocation ? JSON.stringify(invocation.requestPayload) : firing(body, trigger);
};

/**
 * The delivery that failed, to be repeated as it was. Nothing where the letter does not hold one: a function's letter with
 * neither the record of an invocation nor a scheduled event.
 */
export const deliveryOf = (letter: Deliverable, body: string, attributes: Attributes): Delivery | undefined => {
  const { source, category, trigger } = letter;
  if (!isFunction(source)) {
    // Attributes of other letters were put there to tell of the failure.
    return { kind: "message", queue: source, body, attributes: category === "kept failing" ? attributes : {} };
  }
  const payload = payloadIn(body, trigger);
  return payload === undefined ? undefined : { kind: "invocation", function: source, payload };
};
