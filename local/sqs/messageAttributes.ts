import { createHash } from "node:crypto";
import { AwsError, unsupported } from "../cloud/awsError";

export interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  /** Base64, as on the wire. */
  BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const mostAttributes = 10;
const invalid = (message: string): AwsError => new AwsError("InvalidParameterValue", message);
const isBinary = (dataType: string): boolean => dataType.startsWith("Binary");

const bytesOf = ({ DataType, StringValue = "", BinaryValue = "" }: MessageAttribute): Buffer =>
  isBinary(DataType) ? Buffer.from(BinaryValue, "base64") : Buffer.from(StringValue);

const checkName = (name: string): void => {
  if (!/^(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/.test(name)) throw invalid(`Invalid attribute name: '${name}'.`);
  if (/^(aws|amazon)\./i.test(name)) {
    throw invalid(`The message attribute name '${name}' starts with a prefix that is reserved: AWS. or Amazon.`);
  }
};

const checkAttribute = (name: string, attribute: Partial<MessageAttribute>): MessageAttribute => {
  checkName(name);
  for (const field of Object.keys(attribute)) {
    if (!["DataType", "StringValue", "BinaryValue"].includes(field)) throw unsupported(`${field} of attribute ${name}`);
  }
  const { DataType = "", StringValue, BinaryValue } = attribute;
  if (!DataType) throw invalid(`The message attribute '${name}' must contain non-empty message attribute type.`);
  if (!/^(String|Number|Binary)(\..+)?$/.test(DataType)) {
    throw invalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const value = isBinary(DataType) ? BinaryValue : StringValue;
  const kind = isBinary(DataType) ? "binary" : "string";
  if (!value) {
    throw invalid(
      `The message attribute '${name}' must contain a non-empty message attribute value of the ${kind} kind for message attribute type '${DataType}'.`,
    );
  }
  if (DataType.startsWith("Number") && !(/\S/.test(value) && Number.isFinite(Number(value)))) {
    throw invalid(`Can't cast the value of message attribute '${name}' to a number.`);
  }
  return { DataType, ...(isBinary(DataType) ? { BinaryValue: value } : { StringValue: value }) };
};

export const checkAttributes = (given: unknown = {}): MessageAttributes => {
  const attributes = Object.entries(given as Record<string, Partial<MessageAttribute>>);
  if (attributes.length > mostAttributes) {
    throw invalid(
      `Number of message attributes [${attributes.length}] exceeds the allowed maximum [${mostAttributes}].`,
    );
  }
  return Object.fromEntries(attributes.map(([name, attribute]) => [name, checkAttribute(name, attribute)]));
};

export const sizeOfAttributes = (attributes: MessageAttributes): number =>
  Object.entries(attributes).reduce(
    (sum, [name, attribute]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + bytesOf(attribute).length,
    0,
  );

const withLength = (bytes: Buffer): Buffer[] => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
};

export const md5 = (content: string | Buffer): string => createHash("md5").update(content).digest("hex");

/** AWS's digest of attributes: names in order, each part behind its length. Undefined where there are none. */
export const md5OfAttributes = (attributes: MessageAttributes): string | undefined => {
  const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length === 0) return undefined;
  return md5(
    Buffer.concat(
      sorted.flatMap(([name, attribute]) => [
        ...withLength(Buffer.from(name)),
        ...withLength(Buffer.from(attribute.DataType)),
        Buffer.from([isBinary(attribute.DataType) ? 2 : 1]),
        ...withLength(bytesOf(attribute)),
      ]),
    ),
  );
};

/** Those a receiver asks for: by name, by prefix (`audit.*`) or all of them. */
export const selectAttributes = (attributes: MessageAttributes, asked: readonly string[]): MessageAttributes => {
  const wanted = (name: string): boolean =>
    asked.some((one) => one === "All" || one === name || (one.endsWith(".*") && name.startsWith(one.slice(0, -2))));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted(name)));
};
