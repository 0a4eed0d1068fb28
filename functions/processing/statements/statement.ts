/** One line of a bank's statement, as far as it was understood. */
export interface Entry {
  /** Where in the file it begins. */
  line: number;
  /** The day on which it was booked, as the bank writes it. */
  date: string;
  /** In the smallest unit of the currency; what left the account is negative. */
  amount: number;
  currency: string;
  description: string;
  payee?: string;
  /** What the bank calls it: the FITID of an OFX file, the transaction id of a CSV file. */
  bankId?: string;
  /** How many entries before it in this file look exactly alike. */
  occurrence: number;
}

/** A line that could not be read. It never repeats what the line says: that may be personal. */
export interface BadLine {
  line: number;
  field: string;
  reason: string;
}

/** A part of a file that has been read. */
export interface Portion {
  entries: Entry[];
  badLines: BadLine[];
  /** Lines that tell of no booking: sums, remarks, payments that were declined or are pending. */
  remarks: number;
}

export const dateOrders = ["DMY", "MDY", "YMD"] as const;
export type DateOrder = (typeof dateOrders)[number];

export const decimalMarks = [".", ","] as const;
export type DecimalMark = (typeof decimalMarks)[number];

/** What the owner of the file says of it; it decides where the file itself does not. */
export interface Hints {
  /** Of the account. */
  currency?: string | undefined;
  dateOrder?: DateOrder | undefined;
  decimalMark?: DecimalMark | undefined;
}

/** A file that can be read from its beginning as often as needed. */
export interface StatementSource {
  open: () => AsyncIterable<Uint8Array>;
}

/** The account as a statement names it: of its number only the end. */
export interface NamedAccount {
  ending: string;
  kind: string;
}

export interface Balance {
  amount: number;
  currency: string;
  date: string;
}

export type Format = "csv" | "ofx" | "qfx";
