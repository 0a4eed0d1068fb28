import * as v from "valibot";
import { currency as spelling } from "../events/ledgerFields";

const known = new Set(Intl.supportedValuesOf("currency"));

export const currency = v.pipe(
  spelling,
  v.check((code) => known.has(code), "must be a currency of ISO 4217"),
);

/** ISO 4217, where it says other than two. The runtime's own list follows what shops round to, and changes with it. */
const digits: ReadonlyMap<string, number> = new Map(
  Object.entries({
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
  }).flatMap(([places, codes]) => codes.split(" ").map((code) => [code, Number(places)] as const)),
);

export const isCurrency = (code: string): boolean => known.has(code);

/** Digits after the point: 2 of EUR, 0 of JPY, 3 of KWD. */
export const minorDigits = (code: string): number => digits.get(code) ?? 2;
