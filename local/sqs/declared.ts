import type { Declared, Realised } from "../engine/program";
import { arnOfUrl } from "./address";
import { queueName } from "./operations/queues";
import type { Queues } from "./queues";

/** Properties that are attributes under AWS's own names. */
const attributeOf: Readonly<Record<string, string>> = {
  delaySeconds: "DelaySeconds",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  policy: "Policy",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  redriveAllowPolicy: "RedriveAllowPolicy",
  redrivePolicy: "RedrivePolicy",
  sqsManagedSseEnabled: "SqsManagedSseEnabled",
  visibilityTimeoutSeconds: "VisibilityTimeout",
};

/** What the provider sets where nothing is said, other than SQS does for itself. */
const setByProvider = { MaximumMessageSize: "262144" };

/** Understood, and without a local effect: nothing is encrypted or tagged here. */
const withoutEffect = ["kmsDataKeyReusePeriodSeconds", "kmsMasterKeyId", "tags", "tagsAll"];

const checkProperties = ({ type, name, inputs }: Declared, known: readonly string[]): void => {
  for (const [property, value] of Object.entries(inputs)) {
    // A queue may say that it is not FIFO.
    if (property === "fifoQueue" && value === false) continue;
    if (!known.includes(property)) {
      throw new Error(`${type} ${name}: property ${property} is not supported by the embedded cloud`);
    }
  }
};

const asText = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

/** Names the resource in what went wrong with it. */
const within = <T>({ type, name }: Declared, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw new Error(`${type} ${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
};

export const realiseQueue = (declared: Declared, queues: Queues): Realised => {
  const { inputs } = declared;
  checkProperties(declared, ["name", ...Object.keys(attributeOf), ...withoutEffect]);
  const attributes = Object.fromEntries(
    Object.entries(attributeOf).flatMap(([property, attribute]) =>
      inputs[property] === undefined || inputs[property] === null ? [] : [[attribute, asText(inputs[property])]],
    ),
  );
  return within(declared, () => {
    const name = queueName(asText(inputs["name"] ?? declared.name));
    const arn = queues.declare(name, { ...setByProvider, ...attributes });
    const url = queues.url(arn);
    return { id: url, outputs: { ...inputs, name, arn, url } };
  });
};

/** A policy that is a resource of its own sets one attribute of its queue. */
export const realisePolicy =
  (property: "policy" | "redriveAllowPolicy", queues: Queues) =>
  (declared: Declared): Realised => {
    checkProperties(declared, ["queueUrl", property]);
    const { queueUrl } = declared.inputs;
    return within(declared, () => {
      queues.configure(arnOfUrl(asText(queueUrl)), {
        [asText(attributeOf[property])]: asText(declared.inputs[property]),
      });
      return { id: asText(queueUrl), outputs: { ...declared.inputs } };
    });
  };
