/** ISO 4217: how many decimals a currency has where it has not two. */
const decimals: ReadonlyMap<string, number> = new Map(
  Object.entries({
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
  }).flatMap(([places, codes]) => codes.split(" ").map((code) => [code, Number(places)] as const)),
);

const codes: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

export const isCurrency = (code: string): boolean => codes.has(code);

/** Two decimals, unless the currency has others. */
export const decimalsOf = (currency: string): number => decimals.get(currency) ?? 2;

/** Signs that stand for one currency only. A bare dollar or a crown could be several. */
const signs: ReadonlyMap<string, string> = new Map([
  ["€", "EUR"],
  ["£", "GBP"],
  ["US$", "USD"],
  ["CA$", "CAD"],
  ["C$", "CAD"],
  ["AU$", "AUD"],
  ["A$", "AUD"],
  ["NZ$", "NZD"],
  ["HK$", "HKD"],
  ["S$", "SGD"],
  ["R$", "BRL"],
  ["₹", "INR"],
  ["₩", "KRW"],
  ["₽", "RUB"],
  ["₺", "TRY"],
  ["₴", "UAH"],
  ["₪", "ILS"],
  ["₫", "VND"],
  ["₱", "PHP"],
  ["₦", "NGN"],
  ["zł", "PLN"],
  ["Kč", "CZK"],
]);

/** The currency that a sign or a code says, if it says one. */
export const currencyOf = (mark: string): string | undefined =>
  signs.get(mark) ?? (isCurrency(mark) ? mark : undefined);

/** Says a currency, but not which. */
const vague = ["$", "¥", "kr", "kr.", "Fr.", "SFr."];

export const currencySigns: readonly string[] = [...signs.keys(), ...vague];
