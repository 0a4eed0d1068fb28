import * as v from "valibot";
import { day } from "../events/fields";
import { accountId, count, fileId, importId } from "../events/ledgerFields";
import { byAccount, fileKey, uploadKey } from "./keys";
import { rowEntries } from "./row";
import { freeText } from "./text";

/** The largest statement that is accepted. */
export const largestFile = 50 * 1024 * 1024;

export const fileFormats = ["csv", "ofx", "qfx"] as const;
export const fileFormat = v.picklist(fileFormats, "must be csv, ofx or qfx");

/** `awaiting_upload` → `uploaded` → `processing` → `success`, `partial` or `failed`; `removing` once it is deleted. */
export const fileStatuses = [
  "awaiting_upload",
  "uploaded",
  "processing",
  "success",
  "partial",
  "failed",
  "removing",
] as const;
export type FileStatus = (typeof fileStatuses)[number];

export const fileName = v.pipe(
  freeText,
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(255, "must have at most 255 characters"),
  // Control characters, and what would make a path of it.
  v.regex(/^[^\p{Cc}/\\]+$/u, "must be a name without / and \\"),
);

const size = `must be a whole number from 1 to ${largestFile}`;
export const fileSize = v.pipe(
  v.number(size),
  v.integer(size),
  v.minValue(1, size),
  v.maxValue(largestFile, size),
  v.description("bytes"),
);

/** How a statement is written, for where it does not tell by itself. */
export const dateOrder = v.picklist(["DMY", "MDY", "YMD"], "must be DMY, MDY or YMD");
export const decimalMark = v.picklist([".", ","], "must be . or ,");

/** A line that could not be read, and why. What it says is not kept. */
export const badLine = v.object({ line: v.pipe(v.number(), v.integer(), v.minValue(1)), reason: v.string() });

export const fileSchema = v.object({
  ...rowEntries,
  file_key: v.string(),
  fileId,
  fileName,
  fileSize,
  fileFormat: v.optional(fileFormat),
  s3Key: v.string(),
  /** The version, or else the ETag, of the object that came: what is put in its place later does not count. */
  uploadedContent: v.optional(v.string()),
  accountId: v.optional(accountId),
  dateOrder: v.optional(dateOrder),
  decimalMark: v.optional(decimalMark),
  status: v.picklist(fileStatuses),
  /** SHA-256 of its content, in hex. */
  contentHash: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  /** The reading that counts: its transactions are the ones to be seen. */
  importId: v.optional(importId),
  /** The account for which that was: by it a booking is known again in another statement. */
  readFor: v.optional(accountId),
  transactionCount: v.optional(count),
  duplicateCount: v.optional(count),
  dateRange: v.optional(v.object({ startDate: day, endDate: day })),
  /** An earlier file with the very same content. */
  duplicateOf: v.optional(fileId),
  badLineCount: v.optional(count),
  /** The first of them. */
  badLines: v.optional(v.array(badLine)),
  errorMessage: v.optional(v.string()),
  owner_account: v.optional(v.string()),
  /** Set where something of it is under way that must come to its end: its removal, or its move to another account. */
  unfinished: v.optional(v.string()),
  /** While it moves: where its transactions were before. */
  movedFrom: v.optional(v.array(accountId)),
});

export type File = v.InferOutput<typeof fileSchema>;

/** So long a reading that cannot be done is tried again. */
export const readingPatienceMs = 6 * 3_600_000;
/** An invocation has five minutes to read; one that was cut off holds its place no longer than a little more. */
export const readingLeaseMs = 330_000;

/** Its content has come, and a reading may go on at any time, also after a redrive. */
export const isBeingRead = ({ status }: Pick<File, "status">): boolean =>
  status === "uploaded" || status === "processing";

/** As many bad lines as a file's row names. */
export const mostBadLines = 100;

/** The row as it is stored: with the key of the index in which it is to be found. */
export const fileRow = (file: Omit<File, "owner_account">): File => {
  const { owner_account: _, ...bare } = file as File;
  return {
    ...bare,
    ...(file.accountId !== undefined && { owner_account: byAccount(file.owner, file.accountId) }),
  };
};

export type FileFields = Pick<File, "fileName" | "fileSize" | "fileFormat" | "accountId" | "dateOrder" | "decimalMark">;

export const newFile = (
  owner: string,
  id: string,
  fields: FileFields,
  { changeId, at }: { changeId: string; at: number },
): File =>
  fileRow({
    ...fileKey(owner, id),
    fileId: id,
    ...fields,
    s3Key: uploadKey(owner, id),
    status: "awaiting_upload",
    version: 1,
    createdAt: new Date(at).toISOString(),
    updatedAt: new Date(at).toISOString(),
    change_id: changeId,
  });
