import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

export const algorithms = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;
export type Algorithm = (typeof algorithms)[number];

export interface Digest {
  update: (bytes: Buffer) => void;
  value: () => Buffer;
}

const crc32cTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** Entries have 64 bits: the table is in two halves, since numbers with 64 bits are slow. */
const crc64High = new Uint32Array(256);
const crc64Low = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let crc = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x9a6c9329ac4bc9b5n : crc >> 1n;
  crc64High[byte] = Number(crc >> 32n);
  crc64Low[byte] = Number(crc & 0xffffffffn);
}

const fourBytes = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

const startCrc32 = (): Digest => {
  let crc = 0;
  return {
    update: (bytes) => {
      crc = crc32(bytes, crc);
    },
    value: () => fourBytes(crc),
  };
};

const startCrc32c = (): Digest => {
  let crc = 0xffffffff;
  return {
    update: (bytes) => {
      for (const byte of bytes) crc = Number(crc32cTable[(crc ^ byte) & 0xff]) ^ (crc >>> 8);
    },
    value: () => fourBytes(~crc),
  };
};

const startCrc64 = (): Digest => {
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update: (bytes) => {
      for (const byte of bytes) {
        const at = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ Number(crc64Low[at]);
        high = (high >>> 8) ^ Number(crc64High[at]);
      }
    },
    value: () => Buffer.concat([fourBytes(~high), fourBytes(~low)]),
  };
};

const startHash = (name: string): Digest => {
  const hash = createHash(name);
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    value: () => hash.digest(),
  };
};

export const startDigest = (algorithm: Algorithm | "MD5"): Digest => {
  if (algorithm === "CRC32") return startCrc32();
  if (algorithm === "CRC32C") return startCrc32c();
  if (algorithm === "CRC64NVME") return startCrc64();
  return startHash(algorithm);
};

export const digest = (algorithm: Algorithm | "MD5", bytes: Buffer): Buffer => {
  const started = startDigest(algorithm);
  started.update(bytes);
  return started.value();
};

export const asAlgorithm = (name: string): Algorithm | undefined =>
  algorithms.find((algorithm) => algorithm === name.toUpperCase());

/** The header, and in camel case the XML element, which carry a checksum. */
export const checksumHeader = (algorithm: Algorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;
export const checksumElement = (algorithm: Algorithm): string => `Checksum${algorithm}`;
