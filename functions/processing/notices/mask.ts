const hidden = "••••";

/** An account by the end of its number, which is all that is kept of it. */
export const maskedEnding = (ending: string): string => `${hidden}${ending}`;

/** People write account numbers into names: of whatever could be one, only the end is passed on. */
export const maskNumbers = (text: string): string =>
  text.replace(/[A-Za-z]{0,2}\d(?:[ -]?[A-Za-z0-9]){5,}/g, (run) =>
    /(?:\d[ -]?){5}/.test(run) ? `${hidden}${run.replace(/[ -]/g, "").slice(-4)}` : run,
  );
