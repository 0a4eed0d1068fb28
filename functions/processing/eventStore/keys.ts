/** The indexes by which events are found besides by their id. */
export const indexes = {
  entity: "by-entity",
  correlation: "by-correlation",
  user: "by-user",
  day: "by-day",
  causation: "by-causation",
} as const;

/** The same number for the same id, always, and all numbers about equally often. */
export const spread = (id: string, shards: number): number => {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  return hash % shards;
};

/** A partition takes 1,000 writes a second, and all of a moment's events are of one day. */
const dayShards = 4;

/** Everything of a day, as `2026-10-29`, lies in these partitions. */
export const partitionsOf = (day: string): string[] =>
  Array.from({ length: dayShards }, (_, shard) => `${day}#${shard}`);

export const isOfDay = (partition: string): boolean => /^\d{4}-\d{2}-\d{2}#\d$/.test(partition);

interface Indexed {
  eventId: string;
  /** As ISO timestamp. */
  occurredAt: string;
  correlationId: string;
  causationId?: string | undefined;
}

/**
 * Attributes that only the indexes need. What follows from an event shares its correlation id, and is found by that; only
 * where a story of its own begins with an effect must the index of causes lead there.
 */
export const indexed = ({ eventId, occurredAt, correlationId, causationId }: Indexed) => ({
  day_shard: `${occurredAt.slice(0, 10)}#${spread(eventId, dayShards)}`,
  ...(causationId !== undefined && correlationId === eventId && { begun_by: causationId }),
});
