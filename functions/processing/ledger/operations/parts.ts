import * as v from "valibot";
import { accountId, fileId, ruleId, transactionId } from "../../events/ledgerFields";

const limitRule = "must be a whole number from 1 to 100";

/** As many rows as one page has. */
export const largestPage = 100;
const usualPage = 50;

const cursor = v.pipe(
  v.string("must be a string"),
  v.maxLength(2_000, "must have at most 2000 characters"),
  v.description("`next` of the page before"),
);

const limit = v.pipe(
  v.string(),
  v.regex(/^\d{1,3}$/, limitRule),
  v.transform(Number),
  v.minValue(1, limitRule),
  v.maxValue(largestPage, limitRule),
);

export const pageEntries = { limit: v.optional(limit, String(usualPage)), cursor: v.optional(cursor) };

export const pageQuery = v.strictObject(pageEntries);

/** A page of a list. */
export const pageOf = <Item extends v.GenericSchema>(item: Item) =>
  v.object({
    items: v.array(item),
    next: v.optional(v.pipe(v.string(), v.description("where the next page begins; none after the last"))),
  });

const versionRule = "must be the version that was read";
/** The row is changed only if it is still the one that was read. */
export const version = v.optional(
  v.pipe(
    v.number(versionRule),
    v.integer(versionRule),
    v.minValue(1, versionRule),
    v.description("the version that was read; another one is a conflict. The same as If-Match"),
  ),
);

/** What every view of a row ends with. */
export const viewEntries = {
  version: v.pipe(v.number(), v.integer()),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  updatedAt: v.pipe(v.string(), v.isoTimestamp()),
};

export const accountParams = v.object({ accountId });
export const fileParams = v.object({ fileId });
export const ruleParams = v.object({ ruleId });
export const transactionParams = v.object({ transactionId });

/** As many transactions as one request may change. */
export const largestBulk = 500;

export const bulkIds = v.pipe(
  v.array(transactionId),
  v.minLength(1, "must name at least one transaction"),
  v.maxLength(largestBulk, `must name at most ${largestBulk} transactions`),
  v.transform((ids) => [...new Set(ids)]),
);

export const bulkAnswer = v.object({
  changed: v.array(transactionId),
  unchanged: v.pipe(v.array(transactionId), v.description("as wished already")),
  notFound: v.array(transactionId),
});
