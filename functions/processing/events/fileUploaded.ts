import * as v from "valibot";
import { defineEvent } from "./definition";
import { accountId, count, fileId, ledgerSource } from "./ledgerFields";

export const fileUploaded = defineEvent({
  type: "file.uploaded",
  source: ledgerSource,
  version: "1.0",
  layout: "data",
  description: "Somebody's statement has arrived in the store of uploads.",
  payload: v.looseObject({
    fileId,
    fileName: v.pipe(v.string("must be a string"), v.maxLength(255, "must have at most 255 characters")),
    fileSize: count,
    s3Key: v.pipe(v.string("must be a string"), v.maxLength(1_024, "must have at most 1024 characters")),
    accountId: v.optional(accountId),
    fileFormat: v.optional(v.picklist(["csv", "ofx", "qfx"], "must be csv, ofx or qfx")),
  }),
  entity: (payload) => `FILE#${payload.fileId}`,
});
