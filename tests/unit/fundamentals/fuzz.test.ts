import { expect } from "chai";
import fc from "fast-check";
import { Failure } from "../../../functions/processing/failure";
import { type DataType, dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import { normalise } from "../../../functions/processing/fundamentals/normalise";
import { remember } from "../../../functions/processing/redact";
import { earningsAnswer, incomeAnswer, incomeReport, overviewAnswer } from "./answers";

const key = "FUZZEDKEY123";

const answerOf: Record<DataType, () => Record<string, unknown>> = {
  company_overview: () => overviewAnswer({ Symbol: "AAPL" }),
  earnings: earningsAnswer,
  income_statement: incomeAnswer,
  balance_sheet: incomeAnswer,
  cash_flow: incomeAnswer,
};

const hostile = fc.constantFrom(
  key,
  "__proto__",
  "constructor",
  "None",
  "NaN",
  "1e999",
  "9".repeat(400),
  "2024-02-30",
  "'; DROP TABLE assets; --",
  "<script>alert(1)</script>",
  "\u0000\uD800é漢",
);
const deep = fc.integer({ min: 1, max: 2_000 }).map((levels) => {
  let value: unknown = "bottom";
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { value };
  return value;
});
const value = fc.oneof(fc.jsonValue(), hostile, deep, fc.double());
const changesTo = (fields: readonly string[]) =>
  fc.dictionary(fc.oneof(fc.constantFrom(...fields), hostile, fc.string()), value, { maxKeys: 6 });
const report = changesTo(Object.keys(incomeReport(""))).map((changes) => incomeReport("2024-09-28", changes));

const bodyOf = (type: DataType) => {
  const answer = answerOf[type]();
  const lists = Object.keys(answer).filter((field) => Array.isArray(answer[field]));
  const fuzzedLists = fc
    .array(fc.oneof(report, value), { maxLength: 4 })
    .map((reports) => Object.fromEntries(lists.map((field) => [field, reports])));
  const changed = fc
    .tuple(fuzzedLists, changesTo(Object.keys(answer)))
    .map(([reports, changes]) => ({ ...answer, ...reports, ...changes }));
  const kept = fuzzedLists.map((reports) => ({ ...answer, ...reports }));
  return fc.oneof(value, changed, kept);
};

describe("what a provider may send as fundamentals", () => {
  before(() => remember(key));

  for (const type of dataTypes) {
    it(`is taken over or refused with a field: ${type}`, () => {
      let accepted = 0;
      fc.assert(
        fc.property(bodyOf(type), (body) => {
          try {
            const { reports, refused } = normalise(type, body, "AAPL");
            accepted++;
            expect(reports.length).to.be.greaterThan(0);
            expect(JSON.stringify(refused)).not.to.include(key);
            for (const { fiscalDate, figures, texts } of reports) {
              expect(new Date(fiscalDate).toISOString().slice(0, 10)).to.equal(fiscalDate);
              expect(Object.values(figures).every(Number.isFinite)).to.equal(true);
              expect(Object.values(texts).every((text) => typeof text === "string")).to.equal(true);
              for (const record of [figures, texts]) expect(Object.getPrototypeOf(record)).to.equal(Object.prototype);
            }
          } catch (error) {
            if (!(error instanceof Failure)) throw error;
            expect(error.category).to.equal("validation");
            expect(error.field).to.match(new RegExp(`^${type}`));
            expect(`${error.message} ${error.field}`).not.to.include(key);
          }
        }),
        { numRuns: 300 },
      );
      expect(accepted).to.be.greaterThan(10);
      expect({}).not.to.have.property("polluted");
    });
  }
});
