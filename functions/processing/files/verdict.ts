import { mostIds } from "../events/ledgerFields";
import type { Outcome } from "../ledger/imports/end";
import type { Survey } from "../statements/survey";
import type { Tally } from "./gather";
import type { Progress } from "./progress";

const about = ({ format, sha256 }: Survey) => ({ fileFormat: format, contentHash: sha256 });

/** What came of a file that was read to its end; `twin` is an earlier one with the very same content. */
export const verdict = (
  survey: Survey,
  { entries, ...brought }: Progress,
  tally: Tally,
  twin: { fileId: string } | undefined,
): Outcome => {
  const { badLineCount, startDate, endDate } = tally;
  const badLines = tally.badLines.map(({ line, field, reason }) => ({ line, reason: `${field} ${reason}` }));
  const lines = { ...about(survey), badLineCount, badLines };
  if (entries === 0 && badLineCount > 0) {
    const errorMessage = `file has no line that could be read: ${badLineCount} of ${badLineCount} are bad`;
    return { ...lines, status: "failed", transactionIds: [], duplicateCount: 0, errorMessage };
  }
  return {
    ...lines,
    status: badLineCount > 0 ? "partial" : "success",
    ...brought,
    transactionIds: brought.transactionIds.length > mostIds ? [] : brought.transactionIds,
    ...(twin && brought.transactionCount === 0 && { duplicateOf: twin.fileId }),
    ...(startDate !== undefined && endDate !== undefined && { dateRange: { startDate, endDate } }),
  };
};

/** A file whose very bytes were read before, without an account, brings nothing, and what it holds is known. */
export const knownContent = (
  survey: Survey,
  earlier: { fileId: string; transactionCount?: number | undefined; duplicateCount?: number | undefined },
): Outcome => ({
  ...about(survey),
  status: "success",
  transactionIds: [],
  duplicateCount: (earlier.transactionCount ?? 0) + (earlier.duplicateCount ?? 0),
  duplicateOf: earlier.fileId,
});

export const refused = (errorMessage: string, survey?: Survey): Outcome => ({
  ...(survey && about(survey)),
  status: "failed",
  transactionIds: [],
  duplicateCount: 0,
  errorMessage,
});
