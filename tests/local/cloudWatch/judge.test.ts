import { expect } from "chai";
import { judge } from "../../../local/cloudWatch/alarm/judge";

type Treatment = "missing" | "ignore" | "breaching" | "notBreaching";
const treatments: readonly Treatment[] = ["missing", "ignore", "breaching", "notBreaching"];

/** 0 is within the threshold, X breaches it, - is missing; the newest comes last. */
const points = (text: string) => [...text].map((sign) => (sign === "-" ? undefined : sign === "X" ? 9 : 0));

const stateOf = (text: string, missing: Treatment, datapointsToAlarm: number | undefined) =>
  judge(points(text), {
    comparison: "GreaterThanThreshold",
    threshold: 5,
    evaluationPeriods: 3,
    datapointsToAlarm,
    missing,
  }).state ?? "stays";

type Row = [points: string, missing: string, ignore: string, breaching: string, notBreaching: string];

const none = "INSUFFICIENT_DATA";

/** What AWS documents, and the few cases between. */
const threeOfThree: Row[] = [
  ["0-X-X", "OK", "OK", "OK", "OK"],
  ["0----", "OK", "OK", "OK", "OK"],
  ["-----", none, "stays", "ALARM", "OK"],
  ["0XX-X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ["--X--", "ALARM", "stays", "ALARM", "OK"],
  ["X----", "ALARM", "stays", "ALARM", "OK"],
  ["----X", none, "stays", "ALARM", "OK"],
  ["---X-", none, "stays", "ALARM", "OK"],
  ["--X-0", "OK", "OK", "OK", "OK"],
];

const twoOfThree: Row[] = [
  ["0-X-X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ["00X0X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ["0-X--", "OK", "OK", "ALARM", "OK"],
  ["----0", "OK", "OK", "ALARM", "OK"],
  ["---X-", "ALARM", "stays", "ALARM", "OK"],
  ["----X", none, "stays", "ALARM", "OK"],
  ["-X--X", "ALARM", "ALARM", "ALARM", "ALARM"],
  ["XX000", "OK", "OK", "OK", "OK"],
];

describe("the judgement of an alarm", () => {
  for (const [needed, rows] of [
    [undefined, threeOfThree],
    [3, threeOfThree],
    [2, twoOfThree],
  ] as const) {
    for (const [text, ...expected] of rows) {
      it(`of ${text}, ${needed ?? "all"} of 3`, () => {
        expect(treatments.map((missing) => stateOf(text, missing, needed))).to.deep.equal(expected);
      });
    }
  }

  const comparisons = [
    ["GreaterThanThreshold", [false, false, true]],
    ["GreaterThanOrEqualToThreshold", [false, true, true]],
    ["LessThanThreshold", [true, false, false]],
    ["LessThanOrEqualToThreshold", [true, true, false]],
  ] as const;
  for (const [comparison, expected] of comparisons) {
    it(`by ${comparison}`, () => {
      const { points: judged } = judge([4, 5, 6], {
        comparison,
        threshold: 5,
        evaluationPeriods: 3,
        datapointsToAlarm: undefined,
        missing: "missing",
      });
      expect(judged.map(({ breaching }) => breaching)).to.deep.equal([...expected].reverse());
    });
  }
});
