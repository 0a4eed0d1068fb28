import { isCurrency } from "../ledger/money";

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
