/** A record as a stream hands it out. */
export interface StreamRecord {
  sequenceNumber: string;
  /** When it arrived, in milliseconds. */
  at: number;
  partitionKey: string;
  /** In base64. */
  data: string;
  /** A hash of its partition key, by which a shard's records are divided among lanes. */
  lane: number;
}

export interface ShardState {
  id: string;
  /** Whose records come before those of this one. */
  parents: readonly string[];
  open: boolean;
}

export interface StreamReading {
  records: StreamRecord[];
  /** The number of the last record that was looked at. Undefined: there was none. */
  through: string | undefined;
  /** There is more that was asked for. */
  more: boolean;
  /** Nothing more will come: the shard is closed, and read to its end. */
  ended: boolean;
}

export type StartingPosition = "TRIM_HORIZON" | "LATEST" | "AT_TIMESTAMP";

/** What event source mappings need of streams. Places in a shard are sequence numbers: what comes after is yet to be read. */
export interface StreamSource {
  /** Throws unless it is there. */
  shards: (arn: string) => ShardState[];
  start: (arn: string, shardId: string, from: { position: StartingPosition; timestamp?: number | undefined }) => string;
  read: (
    arn: string,
    shardId: string,
    after: string,
    options: { max: number; maxBytes: number; wanted: (record: StreamRecord) => boolean },
  ) => StreamReading;
  /** How long a record is kept. */
  retentionMs: (arn: string) => number;
  /** Calls `listener` with the shards whose records may have become more, or that are new; the answer ends it. */
  onChange: (arn: string, listener: (shardIds: readonly string[]) => void) => () => void;
}
