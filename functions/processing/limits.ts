const KiB = 1024;

/** What AWS accepts, by service. */
export const limits = {
  /** An EventBridge entry may have 1 MB; the store keeps the event in an item of 400 KB, so that is what counts. */
  eventBytes: 380 * KiB,
  /** A dead letter may have the 1 MB of SQS; what is larger than this does not fit its row, and goes into an object. */
  deadLetterBytes: 350 * KiB,
  putEventsEntries: 10,
  putEventsBytes: 1024 * KiB,
  transactionItems: 100,
  batchWriteItems: 25,
  batchGetItems: 100,
} as const;
