import * as v from "valibot";
import { defineEvent } from "./definition";
import { day } from "./fields";
import { accountId, count, fileId, ledgerSource, transactionIds } from "./ledgerFields";

export const fileProcessed = defineEvent({
  type: "file.processed",
  source: ledgerSource,
  version: "1.0",
  layout: "data",
  description: "A statement has been read to its end; what it brought has become visible, all at once.",
  payload: v.looseObject({
    fileId,
    accountId: v.optional(accountId),
    transactionCount: count,
    duplicateCount: count,
    transactionIds: v.pipe(
      transactionIds,
      v.description(
        "ids of what it brought; empty where they are too many for an event: fileId leads to them in the table",
      ),
    ),
    dateRange: v.optional(v.object({ startDate: day, endDate: day })),
    processingStatus: v.picklist(["success", "partial", "failed"], "must be success, partial or failed"),
    errorMessage: v.optional(
      v.pipe(v.string("must be a string"), v.maxLength(1_000, "must have at most 1000 characters")),
    ),
  }),
  entity: (payload) => `FILE#${payload.fileId}`,
});
