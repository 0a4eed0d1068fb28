/** What a sequence number says of its record. */
export interface Sequence {
  /** When the shard came to be. Whole seconds, in milliseconds. */
  shardCreatedAt: number;
  /** Counts up within the shard. */
  index: number | bigint;
  at: number;
  shard: number;
}

/** Greater than that of any record: with it a shard ends. */
export const endingIndex = 0x7fff_ffff_ffff_ffffn;

const hex = (value: number | bigint, digits: number): string => value.toString(16).padStart(digits, "0");

const seconds = (ms: number): number => Math.floor(ms / 1_000);

/**
 * A sequence number as AWS builds them: shard's creation, index, time and shard, in digits that are always as many, so
 * that numbers sort as their texts do.
 */
export const sequenceNumber = ({ shardCreatedAt, index, at, shard }: Sequence): string =>
  BigInt(
    [
      "0x2",
      hex(seconds(shardCreatedAt), 9),
      hex(shard % 16, 1),
      hex(index, 16),
      "00",
      hex(seconds(at), 9),
      hex(shard, 8),
      "2",
    ].join(""),
  ).toString();

/** Undefined for what is no sequence number of the kind that is made here. */
export const readSequence = (text: string): Sequence | undefined => {
  if (!/^\d{1,129}$/.test(text)) return undefined;
  const digits = BigInt(text).toString(16);
  const parts = /^2(.{9}).(.{16})..(.{9})(.{8})2$/.exec(digits);
  if (!parts) return undefined;
  const [created = 0, , at = 0, shard = 0] = parts.slice(1).map((part) => Number.parseInt(part, 16));
  return { shardCreatedAt: created * 1_000, index: BigInt(`0x${parts[2]}`), at: at * 1_000, shard };
};
