import * as v from "valibot";
import { minorUnits, currency as spelling } from "../events/ledgerFields";

/** In any currency's smallest unit: more than anybody's payment, and some hundreds of them can be added up exactly. */
export const largestAmount = 10 ** 13;

const range = `must be from -${largestAmount} to ${largestAmount}`;

/** What a transaction may move. Events of others may tell of more. */
export const amount = v.pipe(minorUnits, v.minValue(-largestAmount, range), v.maxValue(largestAmount, range));

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
