import { statusLine } from "../statusLine";

const width = 24;
/** About as many as the program has; the bar stops short of the end until it is really there. */
const expected = 1_070;

/** A bar on the terminal while resources come to life; nothing where nobody watches. */
export const progress = (wanted: boolean): { step: (type: string, name: string) => void; end: () => void } => {
  let made = 0;
  return {
    step: (_type, name) => {
      made++;
      if (!wanted) return;
      const filled = Math.min(width - 1, Math.floor((made / expected) * width));
      statusLine.tell(`[${"=".repeat(filled)}${" ".repeat(width - filled)}] ${made} ${name}`);
    },
    end: () => {
      if (wanted) statusLine.end();
    },
  };
};
