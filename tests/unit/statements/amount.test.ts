import { expect } from "chai";
import fc from "fast-check";
import { minorDigits } from "../../../functions/processing/ledger/money";
import { minorUnits, readNumeral } from "../../../functions/processing/statements/amount";

const value = (text: string, mark: "." | ",", currency = "EUR"): number | undefined => {
  const numeral = readNumeral(text);
  const amount = numeral && minorUnits(numeral.digits, mark, minorDigits(currency));
  return amount === undefined ? undefined : numeral?.negative ? -amount : amount;
};

describe("an amount", () => {
  for (const [text, mark, expected] of [
    ["1,234.56", ".", 123_456],
    ["1.234,56", ",", 123_456],
    ["1 234,56", ",", 123_456],
    ["1\u202f234,56", ",", 123_456],
    ["1'234.56", ".", 123_456],
    ["1’234.56", ".", 123_456],
    ["12,34,567.89", ".", 123_456_789],
    ["(12.50)", ".", -1_250],
    ["($12.50)", ".", -1_250],
    ["12.50-", ".", -1_250],
    ["\u221212.50", ".", -1_250],
    ["- 12.50", ".", -1_250],
    ["+12.50", ".", 1_250],
    ["12.50 CR", ".", 1_250],
    ["12.50DR", ".", -1_250],
    ["12,50 S", ",", -1_250],
    ["12,50 H", ",", 1_250],
    ["€ 12,50", ",", 1_250],
    ["-£12", ".", -1_200],
    ["USD 12.5", ".", 1_250],
    ["12.5 USD", ".", 1_250],
    ["12,50 zł", ",", 1_250],
    [".5", ".", 50],
    ["5.", ".", 500],
    ["1.2500", ".", 125],
  ] as const) {
    it(`written as ${text}`, () => {
      expect(value(text, mark)).to.equal(expected);
    });
  }

  it("has as many decimals as its currency", () => {
    expect(value("1,200", ".", "JPY")).to.equal(1_200);
    expect(value("1.234", ".", "KWD")).to.equal(1_234);
    expect(value("1.5", ".", "JPY")).to.equal(undefined);
    expect(value("0.00012", ".", "CLF")).to.equal(undefined);
  });

  for (const text of [
    "",
    "-",
    "abc",
    "1.2.3,4",
    "12,3,4",
    "--1",
    "(-1)",
    "-1 CR",
    "+1-",
    "1e5",
    "0x10",
    "NaN",
    "Infinity",
    "١٢",
    "=1+1",
    "1".repeat(80),
  ]) {
    it(`is not ${text.slice(0, 12) || "nothing"}`, () => {
      expect([value(text, "."), value(text, ",")]).to.deep.equal([undefined, undefined]);
    });
  }

  it("is never a number that cannot be counted exactly", () => {
    expect(value("90071992547409.91", ".")).to.equal(Number.MAX_SAFE_INTEGER);
    expect(value("90071992547409.92", ".")).to.equal(undefined);
  });

  it("is read as it was written, in every way of writing it", () => {
    const styles = [
      { mark: ".", group: "," },
      { mark: ",", group: "." },
      { mark: ",", group: " " },
      { mark: ".", group: "'" },
      { mark: ".", group: "" },
    ] as const;
    fc.assert(
      fc.property(
        fc.integer({ min: -9_999_999_999, max: 9_999_999_999 }),
        fc.constantFrom(...styles),
        fc.constantFrom("leading", "trailing", "parentheses"),
        (cents, { mark, group }, sign) => {
          const digits = String(Math.abs(cents)).padStart(3, "0");
          const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, group);
          const bare = `${whole}${mark}${digits.slice(-2)}`;
          const negative = { leading: `-${bare}`, trailing: `${bare}-`, parentheses: `(${bare})` }[sign];
          expect(value(cents < 0 ? negative : bare, mark)).to.equal(cents);
        },
      ),
    );
  });
});
