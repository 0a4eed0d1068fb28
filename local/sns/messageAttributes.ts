import { listField } from "../gateway/awsQuery";
import { invalidAttribute, mustNotBeNull } from "./errors";
import type { Attributes } from "./topic";

const longestName = 256;
const isBinary = (type: string): boolean => type.startsWith("Binary");

const checkName = (name: string): void => {
  if (name.length > longestName)
    throw invalidAttribute("Length of message attribute name must be less than 256 bytes.");
  if (name.startsWith(".")) {
    throw invalidAttribute("Invalid message attribute name starting with character '.' was found.");
  }
  if (name.endsWith(".")) throw invalidAttribute("Invalid message attribute name ending with character '.' was found.");
  const odd = /[^\w.-]/.exec(name)?.[0].codePointAt(0);
  if (odd !== undefined) {
    throw invalidAttribute(
      `Invalid non-alphanumeric character '#x${odd.toString(16).toUpperCase()}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    );
  }
  if (name.includes("..")) throw invalidAttribute("Message attribute name can not have successive '.' character.");
};

const checked = (name: string, given: Readonly<Record<string, string>>, place: string) => {
  checkName(name);
  const { "Value.DataType": type, "Value.StringValue": text, "Value.BinaryValue": bytes } = given;
  if (type === undefined) throw mustNotBeNull(`${place}messageAttributes.${name}.member.dataType`);
  if (!/^(String|Number|Binary)(\..+)?$/.test(type)) {
    throw invalidAttribute(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const [value, other, field] = isBinary(type) ? [bytes, text, "Binary"] : [text, bytes, "String"];
  if (value === undefined && other !== undefined) {
    throw invalidAttribute(`The message attribute '${name}' with type '${type}' must use field '${field}'.`);
  }
  if (!value) {
    throw invalidAttribute(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
    );
  }
  return { type, value };
};

/** Those of one message. `place` leads to it where there are several. */
export const messageAttributes = (fields: Readonly<Record<string, string>>, place = ""): Attributes =>
  Object.fromEntries(
    listField(fields, "MessageAttributes.entry").map((one) => {
      const name = one["Name"] ?? "";
      return [name, checked(name, one, place)];
    }),
  );

export const sizeOfAttributes = (attributes: Attributes): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { type, value }]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(type) +
      Buffer.from(value, isBinary(type) ? "base64" : "utf8").length,
    0,
  );
