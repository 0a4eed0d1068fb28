import { createHash } from "node:crypto";
import { refusal } from "../refusal";

/**
 * What the Kinesis Producer Library makes of many small records: four magic bytes, a protocol buffer, the MD5 of the
 * buffer. Only the data of each record is of interest here, not the keys under which the library had gathered them.
 */
const magic = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const digestBytes = 16;

export const isAggregated = (bytes: Uint8Array): boolean =>
  bytes.length > magic.length + digestBytes && magic.equals(bytes.subarray(0, magic.length));

const broken = () => refusal("record", "must be an aggregated record as the Kinesis Producer Library writes it");

const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
const recordsField = 3;
const dataField = 3;
/** Beyond this, a number no longer fits: nothing in a record is that long. */
const longestVarint = 5;

interface Field {
  field: number;
  /** Of what has a length. */
  bytes: Uint8Array | undefined;
}

/** Takes a protocol buffer apart, one level deep. */
function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let read = 0; read < longestVarint; read++) {
      const byte = message[at++];
      if (byte === undefined) throw broken();
      value += (byte & 0x7f) * 2 ** (7 * read);
      if (byte < 0x80) return value;
    }
    throw broken();
  };
  const skip = (length: number): Uint8Array => {
    if (at + length > message.length) throw broken();
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    const type = tag % 8;
    if (type === wireTypes.bytes) yield { field, bytes: skip(varint()) };
    else if (type === wireTypes.varint) varint();
    else if (type === wireTypes.fixed64) skip(8);
    else if (type === wireTypes.fixed32) skip(4);
    else throw broken();
  }
}

const dataOf = (record: Uint8Array): Uint8Array => {
  for (const { field, bytes } of fieldsOf(record)) if (field === dataField && bytes) return bytes;
  throw broken();
};

/** The data of each record inside. */
export const disaggregate = (bytes: Uint8Array): Uint8Array[] => {
  const message = bytes.subarray(magic.length, -digestBytes);
  const digest = createHash("md5").update(message).digest();
  if (!digest.equals(bytes.subarray(-digestBytes))) throw refusal("record", "must match its own MD5 checksum");
  return [...fieldsOf(message)].flatMap(({ field, bytes: record }) =>
    field === recordsField && record ? [dataOf(record)] : [],
  );
};
