import type { MarkEvidence } from "./amount";
import { refusal } from "./refuse";
import type { DecimalMark } from "./statement";

/** Of a hundred amounts one may be wrong: its line is bad. If more are, the file is written in two ways. */
const mostOdd = 0.01;

/** The mark before the decimals that fits the amounts of a file. A thousandfold error is not risked. */
export const decideMark = (evidence: MarkEvidence, hint: DecimalMark | undefined): DecimalMark => {
  const { only, thousands, either } = evidence;
  const said = only["."] + only[","] > 0 ? only : thousands;
  const [points, commas] = [said["."], said[","]];
  if (Math.min(points, commas) > (points + commas) * mostOdd) {
    throw refusal("file.amount", "is written in two ways: with a decimal point and with a decimal comma");
  }
  const fitting = points > commas ? "." : ",";
  if (points === commas) {
    if (hint === undefined && either > 0) {
      throw refusal("file.amount", "could have a decimal point or a decimal comma: say which as decimalMark");
    }
    return hint ?? ".";
  }
  if (hint !== undefined && hint !== fitting) {
    throw refusal("file.amount", `does not fit the decimal mark ${hint}: the file is written with the other`);
  }
  return fitting;
};
