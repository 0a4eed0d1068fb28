import { createHash } from "node:crypto";
import { AwsError, unsupported } from "../cloud/awsError";
import { invalidParameter } from "./errors";

export interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  /** Base64, as on the wire. */
  BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const mostAttributes = 10;
const longestName = 256;
const isBinary = (dataType: string): boolean => dataType.startsWith("Binary");

const bytesOf = ({ DataType, StringValue = "", BinaryValue = "" }: MessageAttribute): Buffer =>
  isBinary(DataType) ? Buffer.from(BinaryValue, "base64") : Buffer.from(StringValue);

const wrongNames: readonly [pattern: RegExp, message: string][] = [
  [/^$/, "The request must contain non-empty message (user) attribute names."],
  [new RegExp(`.{${longestName + 1}}`), "Message (user) attribute name must be shorter than 256 bytes."],
  [
    /^(aws|amazon)\./i,
    "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These strings are reserved for internal use.",
  ],
  [/^\./, "Message (user) attribute name must not begin with character '.'."],
  [/\.$/, "Message (user) attribute name must not end with character '.'."],
  [/\.\./, "Message (user) attribute name must not have successive '.' characters."],
  [
    /[^\w.-]/,
    "Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. ",
  ],
];

const checkName = (name: string): void => {
  const [, message] = wrongNames.find(([pattern]) => pattern.test(name)) ?? [];
  if (message) throw invalidParameter(message);
};

const checkType = (name: string, dataType: string): void => {
  if (!dataType) {
    throw invalidParameter(`The message (user) attribute '${name}' must contain a non-empty message attribute type.`);
  }
  if (!/^(String|Number|Binary)(\..+)?$/.test(dataType)) {
    throw invalidParameter(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  if (dataType.length > longestName) {
    throw invalidParameter("Message (user) attribute type must be shorter than 256 bytes.");
  }
};

const checkAttribute = (name: string, attribute: Partial<MessageAttribute>): MessageAttribute => {
  checkName(name);
  for (const field of Object.keys(attribute)) {
    if (["StringListValues", "BinaryListValues"].includes(field)) {
      throw new AwsError(
        "UnsupportedOperation",
        "Message attribute list values in SendMessage operation are not supported.",
      );
    }
    if (!["DataType", "StringValue", "BinaryValue"].includes(field)) throw unsupported(`${field} of attribute ${name}`);
  }
  const { DataType = "", StringValue, BinaryValue } = attribute;
  checkType(name, DataType);
  const [value, other, field] = isBinary(DataType)
    ? [BinaryValue, StringValue, "Binary"]
    : [StringValue, BinaryValue, "String"];
  if (value === undefined && other !== undefined) {
    throw invalidParameter(`Message (user) attribute '${name}' with type '${DataType}' must use field '${field}'.`);
  }
  if (!value) {
    throw invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value of type '${DataType}'.`);
  }
  if (DataType.startsWith("Number") && !(/\S/.test(value) && Number.isFinite(Number(value)))) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return { DataType, ...(isBinary(DataType) ? { BinaryValue: value } : { StringValue: value }) };
};

export const checkAttributes = (given: unknown = {}): MessageAttributes => {
  const attributes = Object.entries(given as Record<string, Partial<MessageAttribute>>);
  if (attributes.length > mostAttributes) {
    throw invalidParameter(
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
