const KiB = 1024;

/** What AWS accepts, by service. */
export const limits = {
  /**
   * What an item of 400 KB has room for, beside the rest of a row of the event store. Our own events have no more; of others'
   * a larger detail, up to the 1 MB of an EventBridge entry, goes into an object.
   */
  eventBytes: 380 * KiB,
  /** A dead letter may have the 1 MB of SQS; what is larger than this does not fit its row, and goes into an object. */
  deadLetterBytes: 350 * KiB,
  sqsEntries: 10,
  /** Of a message, and of all that one call sends. */
  sqsBytes: 1024 * KiB,
  putEventsEntries: 10,
  putEventsBytes: 1024 * KiB,
  transactionItems: 100,
  batchWriteItems: 25,
  batchGetItems: 100,
  sortKeyBytes: 1024,
} as const;
