import { createHash } from "node:crypto";

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
};

const field = (number: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);

/** What Kinesis's library makes of many small records, keys and tags included. */
export const aggregated = (...records: (string | Uint8Array)[]): Buffer => {
  const message = Buffer.concat([
    field(1, Buffer.from("partition key")),
    field(2, Buffer.from("123456789")),
    ...records.map((data) => {
      const keys = Buffer.from([0x08, 0x00, 0x10, 0x00]);
      const tag = field(4, field(1, Buffer.from("tag")));
      return field(3, Buffer.concat([keys, field(3, Buffer.from(data)), tag]));
    }),
  ]);
  const magic = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
  return Buffer.concat([magic, message, createHash("md5").update(message).digest()]);
};
