/** A record as it came, from the stream or, taken up again by an operator, from the queue. */
export interface Arrived {
  /** By which it is reported where it could not be handled. */
  id: string;
  data: Uint8Array;
  /** When the stream took it in. */
  arrivedAt: number;
  shardId: string;
  sequenceNumber: string;
  partitionKey: string;
}
