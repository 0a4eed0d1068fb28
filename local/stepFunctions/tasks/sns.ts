import { isObject, type Json, type JsonObject } from "../language/json";
import { runtimeError } from "../language/stateError";
import { type ErrorNames, refused, sdkMetadata } from "./answer";
import type { Integration } from "./integration";

const names: ErrorNames = {
  prefix: "SNS",
  service: "AmazonSNS",
  other: "AmazonSNSException",
  known: {
    AuthorizationError: "AuthorizationErrorException",
    InvalidParameter: "InvalidParameterException",
    NotFound: "NotFoundException",
  },
};

const written = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

const attributeFields = (attributes: JsonObject): [string, string][] =>
  Object.entries(attributes).flatMap(([name, attribute], index): [string, string][] => {
    const prefix = `MessageAttributes.entry.${index + 1}`;
    const value = isObject(attribute) ? Object.entries(attribute) : [];
    return [
      [`${prefix}.Name`, name],
      ...value.map(([field, given]): [string, string] => [`${prefix}.Value.${field}`, written(given)]),
    ];
  });

const fieldsOf = (parameters: Json): [string, string][] => {
  if (!isObject(parameters)) throw runtimeError("The Parameters of sns:publish must be an object");
  const { MessageAttributes, ...texts } = parameters;
  return [
    ["Action", "Publish"],
    ["Version", "2010-03-31"],
    ...Object.entries(texts).map(([name, value]): [string, string] => [name, written(value)]),
    ...attributeFields(isObject(MessageAttributes) ? MessageAttributes : {}),
  ];
};

const characters: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

const element = (xml: string, name: string): string => {
  const [, written = ""] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return written.replace(/&(amp|lt|gt|quot);/g, (_, entity: string) => characters[entity] ?? "");
};

/** `arn:aws:states:::sns:publish` */
export const publish: Integration = {
  resourceType: "sns",
  resource: "publish",
  required: ["TopicArn", "Message"],
  optional: ["Subject", "MessageAttributes", "MessageStructure"],
  call: async ({ parameters, send }) => {
    const answer = await send({
      service: "sns",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fieldsOf(parameters)).toString(),
    });
    if (answer.status < 300) return { MessageId: element(answer.body, "MessageId"), ...sdkMetadata(answer) };
    const refusal = { code: element(answer.body, "Code"), message: element(answer.body, "Message") };
    throw refused(answer, refusal, names);
  },
};
