import { redactText } from "../redact";
import { cellsOf, linesOf } from "./csv";
import { type Problem, ProviderFailure } from "./problem";

/** The fields under which AlphaVantage says that this is no answer. */
const noticeFields = ["Error Message", "Information", "Note"] as const;

interface Notice {
  field: (typeof noticeFields)[number];
  text: string;
}

/**
 * What the words mean; the first that fit decide. A notice about a burst also advertises the daily limit and the premium
 * endpoints, and one about the day names the key it counts for.
 */
const meanings: readonly [RegExp, Problem][] = [
  [/\bapikey\b|\bdemo\b.*\bkey\b|\bkey\b.*\b(invalid|missing)\b/is, "keyRejected"],
  [/per second|per minute|sparingly|spreading out/i, "burst"],
  [/per day|daily/i, "spent"],
  [/premium/i, "premium"],
  [/rate limit|call frequency/i, "burst"],
];

const meaningOf = ({ field, text }: Notice): Problem => {
  const fits = meanings.find(([words]) => words.test(text))?.[1];
  // An error message is about the call itself, whatever else it offers.
  if (field === "Error Message") return fits === "keyRejected" ? fits : "refused";
  return fits ?? "refused";
};

const shown = 300;

/** What AlphaVantage says instead of an answer, in a JSON object; it comes with any status. */
export const noticeIn = (json: unknown): Notice | undefined => {
  if (typeof json !== "object" || json === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(json));
  for (const field of noticeFields) {
    const text = fields.get(field);
    if (typeof text === "string") return { field, text };
  }
  return undefined;
};

/** The same in text that need not be JSON. */
export const noticeInText = (text: string): Notice | undefined => {
  try {
    return noticeIn(JSON.parse(text));
  } catch {
    return undefined;
  }
};

export const failureOf = (notice: Notice, retryAt?: number): ProviderFailure =>
  new ProviderFailure(
    meaningOf(notice),
    `AlphaVantage gave no answer: ${redactText(notice.text).slice(0, shown)}`,
    retryAt,
  );

/** A search that found nothing is told as a notice too. */
export const isNothingFound = (json: unknown): boolean => /^no articles found/i.test(noticeIn(json)?.text ?? "");

/** Fewer letters than this are no notice: the calendar has more columns. */
const fewestLetters = 3;

/**
 * The calendar's writer takes a notice for a list of rows, or for a row of cells: its letters stand one to a column, as
 * many as there are columns.
 */
export const spelledNotice = (csv: string): ProviderFailure | undefined => {
  const rows = linesOf(csv).map((line) => cellsOf(line) ?? [line]);
  const spelled = rows.filter((cells) => cells.every((cell) => cell.length <= 1));
  const text = spelled.flat().join("");
  // All but the header are spelled, if the header is not.
  if (spelled.length < rows.length - 1 || text.trim().length < fewestLetters) return undefined;
  const problem = meaningOf({ field: "Information", text });
  // Cut off at the last column, it is told by how it begins: "We have detected your API key", or thanks.
  const begun = /^We hav/.test(text) ? "spent" : "burst";
  // The text is not shown: where it is cut off, it may end with a part of the key.
  return new ProviderFailure(
    problem === "refused" ? begun : problem,
    "AlphaVantage gave no answer: the calendar spells a notice, a letter a column",
  );
};
