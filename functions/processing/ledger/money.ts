import * as v from "valibot";
import { currency as spelling } from "../events/ledgerFields";

const known = new Set(Intl.supportedValuesOf("currency"));

export const currency = v.pipe(
  spelling,
  v.check((code) => known.has(code), "must be a currency of ISO 4217"),
);

/** Digits after the point: 2 of EUR, 0 of JPY, 3 of KWD. */
export const minorDigits = (code: string): number =>
  new Intl.NumberFormat("en", { style: "currency", currency: code }).resolvedOptions().maximumFractionDigits ?? 2;
