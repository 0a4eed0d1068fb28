const width = 24;
/** About as many as the program has; the bar stops short of the end until it is really there. */
const expected = 970;

/** A bar on the terminal while resources come to life; nothing where nobody watches. */
export const progress = (wanted: boolean): { step: (type: string, name: string) => void; end: () => void } => {
  const shown = wanted && process.stderr.isTTY;
  let made = 0;
  return {
    step: (_type, name) => {
      made++;
      if (!shown) return;
      const filled = Math.min(width - 1, Math.floor((made / expected) * width));
      process.stderr.write(`\r\x1b[K  [${"=".repeat(filled)}${" ".repeat(width - filled)}] ${made} ${name}`);
    },
    end: () => {
      if (shown) process.stderr.write("\r\x1b[K");
    },
  };
};
