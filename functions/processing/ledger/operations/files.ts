import * as v from "valibot";
import { day } from "../../events/fields";
import { accountId, count, fileId } from "../../events/ledgerFields";
import { defineOperation } from "../../http/operation";
import { badLine, dateOrder, decimalMark, fileFormat, fileName, fileSize, fileStatuses } from "../file";
import { fileParams, pageEntries, pageOf, version, viewEntries } from "./parts";

export const fileView = v.object({
  fileId,
  fileName,
  fileSize,
  fileFormat: v.optional(fileFormat),
  accountId: v.optional(accountId),
  status: v.picklist(fileStatuses),
  transactionCount: v.optional(count),
  duplicateCount: v.optional(count),
  dateRange: v.optional(v.object({ startDate: day, endDate: day })),
  duplicateOf: v.optional(v.pipe(fileId, v.description("an earlier file with the very same content"))),
  badLineCount: v.optional(count),
  badLines: v.optional(v.array(badLine)),
  errorMessage: v.optional(v.string()),
  ...viewEntries,
});

export const listFiles = defineOperation({
  id: "listFiles",
  route: "GET /files",
  summary: "Your statements, newest first",
  query: v.strictObject(pageEntries),
  answer: { status: 200, description: "A page of files", schema: pageOf(fileView) },
});

export const requestUpload = defineOperation({
  id: "requestUpload",
  route: "POST /files",
  summary: "Ask for an address to which a statement can be uploaded",
  body: v.strictObject({
    fileName,
    fileSize,
    fileFormat: v.optional(fileFormat),
    accountId: v.optional(accountId),
    dateOrder: v.optional(v.pipe(dateOrder, v.description("where the statement does not tell by itself"))),
    decimalMark: v.optional(v.pipe(decimalMark, v.description("where the statement does not tell by itself"))),
  }),
  answer: {
    status: 201,
    description: "The file, and where its content goes",
    schema: v.object({
      file: fileView,
      upload: v.object({
        method: v.literal("PUT"),
        url: v.pipe(v.string(), v.description("good for one file, of exactly the size that was said")),
        headers: v.record(v.string(), v.string()),
        expiresAt: v.pipe(v.string(), v.isoTimestamp()),
      }),
    }),
  },
  refusals: [422],
});

export const getFile = defineOperation({
  id: "getFile",
  route: "GET /files/{fileId}",
  summary: "One of your files, and what its reading brought",
  params: fileParams,
  answer: { status: 200, description: "The file", schema: fileView },
});

export const associateFile = defineOperation({
  id: "associateFile",
  route: "PUT /files/{fileId}/account",
  summary: "Say to which account a file that was read for none, and what it brought, belongs",
  params: fileParams,
  body: v.strictObject({ accountId, version }),
  versioned: true,
  answer: { status: 200, description: "The file as it is now", schema: fileView },
  refusals: [422],
});

export const deleteFile = defineOperation({
  id: "deleteFile",
  route: "DELETE /files/{fileId}",
  summary: "Delete a file and the transactions that it brought, also those that another statement repeats",
  params: fileParams,
  versioned: true,
  answer: { status: 204, description: "It is gone, and its transactions are out of sight" },
});
