import * as v from "valibot";

/** Field types that the ledger and its events share. */

/** Who publishes what happens to people's own books. */
export const ledgerSource = "signal9.ledger";

/** No `#`: ids are parts of keys, which stay unambiguous. */
const identifier = (what: string) =>
  v.pipe(
    v.string("must be a string"),
    v.regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 of A-Z a-z 0-9 _ -"),
    v.description(`id of ${what}`),
  );

export const accountId = identifier("an account");
export const transactionId = identifier("a transaction");
export const fileId = identifier("a file");
export const ruleId = identifier("a category rule");
/** One reading of a file: a file that is read again is another import. */
export const importId = identifier("a reading of a file");

export const categoryId = v.pipe(
  v.string("must be a string"),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit"),
  v.description("a category, such as groceries"),
);

/** ISO 4217. The runtime knows how many digits each currency has after its point. */
export const currency = v.pipe(
  v.string("must be a string"),
  v.regex(/^[A-Z]{3}$/, "must be a currency of three capital letters such as EUR"),
  v.description("ISO 4217, such as EUR"),
);

const amountRule = "must be a whole number of the currency's smallest unit";

/** Money is counted, never measured: cents, not fractions of a euro. */
export const minorUnits = v.pipe(
  v.number(amountRule),
  v.safeInteger(amountRule),
  v.description("in the currency's smallest unit: 12.34 EUR is 1234; what leaves the account is negative"),
);

const ratio = "must be a number from 0 to 1";
export const confidence = v.pipe(v.number(ratio), v.minValue(0, ratio), v.maxValue(1, ratio));

export const assignmentType = v.picklist(
  ["manual", "rule_based", "suggested"],
  "must be manual, rule_based or suggested",
);

const value = v.union([v.string(), v.number(), v.boolean(), v.null()], "must be a text, a number, true, false or null");

/** What changed of one field. A value that was or is not there is null. */
export const fieldChange = v.object({
  field: v.pipe(v.string(), v.minLength(1, "must not be empty"), v.maxLength(64, "must have at most 64 characters")),
  oldValue: value,
  newValue: value,
});

export type FieldChange = v.InferOutput<typeof fieldChange>;

export const fieldChanges = v.pipe(
  v.array(fieldChange),
  v.minLength(1, "must tell of at least one field"),
  v.maxLength(32, "must tell of at most 32 fields"),
);

/** As many ids as one event tells of. */
export const mostIds = 5_000;

const few = `must name at most ${mostIds}`;
export const transactionIds = v.pipe(v.array(transactionId), v.maxLength(mostIds, few));

const size = "must be a whole number, at least 0";
export const count = v.pipe(v.number(size), v.integer(size), v.minValue(0, size));
