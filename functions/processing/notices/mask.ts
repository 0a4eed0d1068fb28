const hidden = "••••";

/** An account by the end of its number, which is all that is kept of it. */
export const maskedEnding = (ending: string): string => `${hidden}${ending}`;

/** What stands between the groups of a number: blanks of any width, dashes of any length, dots, slashes, and what is unseen. */
const gap = String.raw`[\p{Z}\p{Pd}\p{Cf}\t./_\u00b7\u2212]{0,3}`;
const number = new RegExp(String.raw`\p{L}{0,2}\p{Nd}(?:${gap}[\p{L}\p{Nd}]){5,}`, "gu");
const digits = new RegExp(`(?:\\p{Nd}${gap}){5}`, "u");

/** People write account numbers into names: of whatever could be one, only the end is passed on. */
export const maskNumbers = (text: string): string =>
  text.replace(number, (run) =>
    digits.test(run) ? `${hidden}${[...run.replace(/[^\p{L}\p{Nd}]/gu, "")].slice(-4).join("")}` : run,
  );
