import { largestFile } from "../ledger/file";

const KiB = 1024;

/** What a statement may have. A file beyond these is refused, or the line that is; nothing grows with the file. */
export const bounds = {
  fileBytes: largestFile,
  /** What is looked at to find out how a CSV file is laid out. */
  headCharacters: 64 * KiB,
  /** A record of a CSV file, with all of its lines. */
  recordCharacters: 32 * KiB,
  recordLines: 50,
  columns: 200,
  /** Lines that a bank may put before the header. */
  preambleRecords: 60,
  /** A tag of an OFX file, a value, and how deep its aggregates may be nested. */
  tagCharacters: KiB,
  valueCharacters: 16 * KiB,
  depth: 40,
  descriptionCharacters: 500,
  bankIdCharacters: 255,
  entries: 1_000_000,
} as const;
