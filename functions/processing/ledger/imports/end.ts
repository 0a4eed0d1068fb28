import type { Run } from "../../consume/run";
import { fileProcessed } from "../../events/fileProcessed";
import { mostIds } from "../../events/ledgerFields";
import { Failure } from "../../failure";
import { commit, tell } from "../commit";
import { type File, fileRow, mostBadLines } from "../file";
import { readFileRow } from "../read";
import { filesTable, unfinished } from "../row";
import { accountStays } from "../standing";
import type { Import } from "./store";

/** What came of a reading. */
export interface Outcome {
  status: "success" | "partial" | "failed";
  /** Ids of what it brought: none of a failed one, or where they are too many to be named. */
  transactionIds: readonly string[];
  /** @default as many as there are ids */
  transactionCount?: number;
  duplicateCount: number;
  dateRange?: { startDate: string; endDate: string };
  fileFormat?: File["fileFormat"];
  contentHash?: string;
  /** An earlier file with the very same content. */
  duplicateOf?: string;
  badLineCount?: number;
  /** The first of them at least. */
  badLines?: readonly { line: number; reason: string }[];
  errorMessage?: string;
}

const ended = (file: File, { file: { accountId }, importId, act }: Import, outcome: Outcome): File => {
  const { status, transactionIds, badLines, ...more } = outcome;
  const { unfinished: _, ...rest } = file;
  return fileRow({
    ...rest,
    ...more,
    status,
    // What a failed one stored is taken away by the upkeep.
    ...(status === "failed" ? { unfinished } : { importId, ...(accountId !== undefined && { readFor: accountId }) }),
    transactionCount: more.transactionCount ?? transactionIds.length,
    ...(badLines && { badLines: badLines.slice(0, mostBadLines) }),
    version: file.version + 1,
    updatedAt: new Date(act.at).toISOString(),
    change_id: act.changeId,
  });
};

/**
 * Ends a reading: by this one conditional write, with its event, all that it brought becomes visible. A failed one leaves
 * nothing to be seen. `done before`: this reading, or another of the file, has been ended already.
 */
export const endImport = async (reading: Import, outcome: Outcome, run: Run): Promise<"done" | "done before"> => {
  const { act, file } = reading;
  const before = await readFileRow(act.owner, file.fileId, run);
  if (!before || before.status === "removing") {
    throw new Failure("permanent", "the file was deleted while it was being read", {
      origin: "input",
      field: "fileId",
    });
  }
  const repeated = before.status === "failed" && before.change_id === act.changeId;
  if (before.importId !== undefined || repeated) return "done before";
  const after = ended(before, reading, outcome);
  const { transactionIds, status, duplicateCount, dateRange, errorMessage } = outcome;
  const event = tell(
    fileProcessed,
    {
      fileId: file.fileId,
      ...(after.accountId !== undefined && { accountId: after.accountId }),
      transactionCount: after.transactionCount ?? transactionIds.length,
      duplicateCount,
      transactionIds: transactionIds.length > mostIds ? [] : [...transactionIds],
      ...(dateRange && { dateRange }),
      processingStatus: status,
      ...(errorMessage !== undefined && { errorMessage }),
    },
    act,
    reading.importId,
  );
  const step = { rows: [{ table: filesTable, before, after }], tells: [event] } as const;
  // What was read for an account that is gone must not come to light.
  const accounts =
    status === "failed" || after.accountId === undefined ? [] : [accountStays(act.owner, after.accountId)];
  await commit([step], run, accounts);
  return "done";
};
