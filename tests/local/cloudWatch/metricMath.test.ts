import { expect } from "chai";
import { evaluateExpression, parseExpression } from "../../../local/cloudWatch/metricMath";
import { Refused } from "../../../local/cloudWatch/refused";
import type { Series } from "../../../local/cloudWatch/series";

const _ = undefined;

const evaluate = (source: string, metrics: Record<string, Series> = {}, expressions: Record<string, string> = {}) => {
  const length = Object.values(metrics)[0]?.length ?? 3;
  return evaluateExpression(parseExpression(source), {
    frame: { start: 0, period: 60, length },
    metrics: new Map(Object.entries(metrics)),
    expressions: new Map(Object.entries(expressions).map(([id, text]) => [id, parseExpression(text)])),
  });
};

const sparse = { a: [1, _, 3, _], b: [10, 20, _, _] };

type Case = [source: string, metrics: Record<string, Series>, ...expected: Series[]];

const cases: Record<string, Case[]> = {
  "computes with numbers point by point": [
    ["2 * a + 1", { a: [1, 2, _] }, [3, 5, _]],
    ["10 - a", { a: [1, 2, _] }, [9, 8, _]],
    ["1 / a", { a: [2, 0, _] }, [0.5, _, _]],
    ["-a ^ 2", { a: [3] }, [-9]],
    ["2 ^ -a", { a: [1] }, [0.5]],
    ["a ^ 2 ^ 3", { a: [2] }, [256]],
    ["(1 + a) * .5e1", { a: [1] }, [10]],
    ["a - 1 - 1", { a: [5] }, [3]],
    ["- 5 * a", { a: [2] }, [-10]],
  ],
  "counts a point that one of two series lacks as 0, and keeps missing what both lack": [
    ["a + b", sparse, [11, 20, 3, _]],
    ["a / b", sparse, [0.1, 0, _, _]],
    ["a < b", sparse, [1, 1, 0, _]],
    ["a == b OR b > 15", { a: [10, 1, _], b: [10, 20, _] }, [1, 1, _]],
  ],
  compares: [
    ["a >= 2", { a: [1, 2, 3] }, [0, 1, 1]],
    ["a <= 2", { a: [1, 2, 3] }, [1, 1, 0]],
    ["a > 2", { a: [1, 2, 3] }, [0, 0, 1]],
    ["a != 2", { a: [1, 2, 3] }, [1, 0, 1]],
    ["a > 1 && a < 3", { a: [1, 2, 3] }, [0, 1, 0]],
    ["a < 2 || a > 2 AND a < 3", { a: [1, 2, 3] }, [1, 0, 0]],
  ],
  "goes through arrays": [
    ["SUM([a, b])", sparse, [11, 20, 3, _]],
    ["AVG([a, b])", sparse, [5.5, 10, 1.5, _]],
    ["MAX([a, b])", sparse, [10, 20, 3, _]],
    ["MIN(METRICS())", sparse, [1, 20, 3, _]],
    ["[a, b] / 10", { a: [1], b: [2] }, [0.1], [0.2]],
    ["10 - [a, b]", { a: [1], b: [2] }, [9], [8]],
    ["a - [a, b]", { a: [1], b: [2] }, [0], [-1]],
    ["[a, b] - a", { a: [1], b: [2] }, [0], [1]],
    ["-[a, b]", { a: [1], b: [2] }, [-1], [-2]],
    ["ABS([a, b])", { a: [-1], b: [2] }, [1], [2]],
    ['METRICS("er")', { error: [1], other: [2], fine: [3] }, [1], [2]],
    ["SUM([METRICS('4xx'), METRICS('5xx'), a])", { e4xx: [1], e5xx: [2], a: [4] }, [7]],
    ["FIRST(METRICS())", { a: [1], b: [2] }, [1]],
    ["LAST([a, b])", { a: [1], b: [2] }, [2]],
    ["a / METRIC_COUNT(METRICS())", { a: [1], b: [2] }, [0.5]],
  ],
  sorts: [
    ["SORT([a, b], MAX, DESC)", { a: [1, 5], b: [4, 4] }, [1, 5], [4, 4]],
    ["SORT([a, b], SUM, DESC)", { a: [1, 5], b: [4, 4] }, [4, 4], [1, 5]],
    ["SORT(METRICS(), AVG, ASC, 2)", { a: [3, _], b: [1, 1], c: [2, 2] }, [1, 1], [2, 2]],
    ["SORT([a, b, c], MIN, DESC)", { a: [_, _], b: [1, 2], c: [2, 3] }, [2, 3], [1, 2], [_, _]],
    ["SORT([a, b], MIN, ASC, 1)", { a: [_], b: [_] }, [_]],
  ],
  "makes numbers of series": [
    ["a - AVG(a)", { a: [1, _, 3] }, [-1, _, 1]],
    ["a / SUM(a)", { a: [1, _, 3] }, [0.25, _, 0.75]],
    ["a + MAX(a) * MIN(a)", { a: [1, _, 3] }, [4, _, 6]],
    ["TIME_SERIES(MAX(a))", { a: [1, _, 3] }, [3, 3, 3]],
    ["TIME_SERIES(SUM(a))", { a: [_, _] }, [0, 0]],
    ["a / PERIOD(a)", { a: [120] }, [2]],
  ],
  "changes points": [
    ["CEIL(a)", { a: [1.2, _, -1.2] }, [2, _, -1]],
    ["FLOOR(a)", { a: [1.2, _, -1.2] }, [1, _, -2]],
    ["DIFF(a)", { a: [1, 4, _, 9] }, [_, 3, _, 5]],
    ["DIFF_TIME(a)", { a: [1, 4, _, 9] }, [_, 60, _, 120]],
    ["RATE(a)", { a: [0, 60, _, 300] }, [_, 1, _, 2]],
    ["RUNNING_SUM(a)", { a: [1, _, 2] }, [1, _, 3]],
  ],
  fills: [
    ["FILL(a, 0)", { a: [_, 1, _] }, [0, 1, 0]],
    ["FILL(a, MIN(a))", { a: [_, 1, 3] }, [1, 1, 3]],
    ["FILL(a, REPEAT)", { a: [_, 1, _, _, 2] }, [_, 1, 1, 1, 2]],
    ["FILL(a, LINEAR)", { a: [_, 1, _, _, 4, _] }, [_, 1, 2, 3, 4, _]],
    ["FILL(METRICS(), a)", { a: [1, _], b: [_, _] }, [1, _], [1, _]],
    ["FILL(a, AVG(a))", { a: [_, _] }, [_, _]],
  ],
  "chooses by IF": [
    ["IF(a, b, c)", { a: [2, -1, 0, 0, _], b: [7, _, 1, 1, 7], c: [1, 1, 4, _, 4] }, [7, 0, 4, _, _]],
    ["IF(a, 6, c)", { a: [2, -1, 0, 0, _], c: [1, 1, 4, _, 4] }, [6, 6, 4, _, _]],
    ["IF(a, b, 6)", { a: [2, -1, 0, 0, _], b: [7, _, 1, 1, 7] }, [7, 0, 6, 6, _]],
    ["IF(a < 2, a)", { a: [1, 2, _] }, [1, _, _]],
    ["IF(1 > 0, a, b)", { a: [1, _], b: [2, 2] }, [1, _]],
    ["IF(0, a, b)", { a: [1, _], b: [2, 2] }, [2, 2]],
    ["IF(0, a)", { a: [1, _] }, [_, _]],
    ["a + IF(2 > 1, 5, 7) + IF(1 > 2, 5, 7)", { a: [1] }, [13]],
  ],
  "drops what is computed from nothing": [
    ["TIME_SERIES(AVG(a))", { a: [_, _] }, [_, _]],
    ["b > MAX(a)", { a: [_, _], b: [1, 2] }, [_, _]],
    ["IF(MIN(a), b, b)", { a: [_, _], b: [1, 2] }, [_, _]],
    ["b + IF(MIN(a), 1, 2)", { a: [_, _], b: [1, 2] }, [_, _]],
    ["IF(b, MIN(a), 2)", { a: [_, _], b: [1, 0] }, [_, 2]],
  ],
};

describe("metric math", () => {
  for (const [what, all] of Object.entries(cases)) {
    describe(what, () => {
      for (const [source, metrics, ...expected] of all) {
        it(source, () => {
          expect(evaluate(source, metrics)).to.deep.equal(expected);
        });
      }
    });
  }

  it("follows the ids of other expressions, which METRICS() leaves out", () => {
    const expressions = { twice: "2 * a", four: "twice + twice" };
    expect(evaluate("four", { a: [1] }, expressions)).to.deep.equal([[4]]);
    expect(evaluate("METRICS()", { a: [1] }, expressions)).to.deep.equal([[1]]);
  });

  const refused: [source: string, why: string][] = [
    ["LOG(a)", "the metric math function LOG is not supported"],
    ["ANOMALY_DETECTION_BAND(a)", "the metric math function ANOMALY_DETECTION_BAND is not supported"],
    ["SEARCH('x', 'Sum')", "the metric math function SEARCH is not supported"],
    ["a + nobody", "no metric or expression with the id nobody"],
    ["loop", "loop needs round needs loop"],
    ["a +", "the end at 4 was not expected"],
    ["a b", "b at 3 was not expected"],
    ["(a", "the end at 3 was not expected"],
    ["[a", "the end at 3 was not expected"],
    ["a % b", '"%" at 3 is not understood'],
    ["AND", "AND at 1 was not expected"],
    [`${"(".repeat(200)}a${")".repeat(200)}`, "nested too deeply"],
    ["1 + 1", "must come to a time series, not to a number"],
    ["SUM(a)", "must come to a time series, not to a number"],
    ["METRICS() + METRICS()", "+ does not go between two arrays"],
    ["MAX([a, 0])", "a number becomes one by TIME_SERIES"],
    ["MAX(a, b)", "MAX takes one argument"],
    ["MAX()", "MAX takes more arguments"],
    ["MAX(3)", "MAX takes a time series or an array of them, not a number"],
    ["ABS(3)", "ABS takes a time series or an array of them, not a number"],
    ["FIRST(a)", "FIRST takes an array of time series, not a time series"],
    ['LAST(METRICS("nobody"))', "LAST of an array without members"],
    ["SORT(a, MAX, DESC)", "SORT takes an array of time series, not a time series"],
    ["SORT([a, b], MEDIAN, DESC)", "SORT knows SUM, MIN, MAX, AVG as argument 2"],
    ["SORT([a, b], MAX, a)", "SORT knows ASC, DESC as argument 3"],
    ["SORT([a, b], MAX, ASC, a)", "SORT's limit takes a number, not a time series"],
    ["SORT([a, b], MAX, ASC, 1, 2)", "SORT takes at most 4 arguments"],
    ["TIME_SERIES(a)", "TIME_SERIES takes a number, not a time series"],
    ["IF(METRICS(), 1, 0)", "IF takes a number or a time series, not an array of time series"],
    ["IF(a, 1, 0, 2)", "IF takes at most 3 arguments"],
    ["IF(a)", "IF takes more arguments"],
    ["FILL(a, LAST)", "FILL knows REPEAT and LINEAR, not LAST"],
    ["FILL(a, METRICS())", "FILL's filler takes a number or a time series"],
    ["FILL(a, 0, 1)", "FILL takes at most 2 arguments"],
    ["METRICS(a)", "METRICS takes nothing but a quoted text"],
    ["PERIOD(a + b)", "PERIOD takes the id of a metric"],
    ["PERIOD(loop)", "PERIOD takes the id of a metric"],
    ["a + REPEAT", "the word REPEAT at this place of a metric math expression is not supported"],
    ['a + "b"', 'the text "b" has no place here'],
  ];
  for (const [source, why] of refused) {
    it(`refuses ${source.slice(0, 30)}: ${why}`, () => {
      const run = () => evaluate(source, { a: [1], b: [2] }, { loop: "round", round: "loop" });
      expect(run).to.throw(Refused, why);
    });
  }
});
