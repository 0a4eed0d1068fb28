import { digest } from "./digest";

/** Which of the logs of an experiment a user's events are counted in: one user's are all in one. */
export const shardOf = (user: Uint8Array, shards: number): number => ((user[15] ?? 0) * 256 + (user[14] ?? 0)) % shards;

/** `window` is an hour or a day. */
export const partitionOf = (experimentId: string, window: string, shard: number): string =>
  `${experimentId}#${window}#${shard}`;

/** Of an hour, its day's; of a day, its own. */
export const dayPartitionOf = (partition: string): string => partition.replace(/T\d\d(#\d+)$/, "$1");

export const idDigest = (eventId: string): Buffer => digest(`event ${eventId}`);

/** Of the experiment's own, so that nobody can follow a user from one experiment to another by what is stored. */
export const userDigest = (experimentId: string, userId: string): Buffer => digest(`user ${experimentId} ${userId}`);
