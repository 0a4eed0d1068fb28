/** Of a terminal that does not tell. */
const usualColumns = 80;

/** As much of it as leaves the cursor on the line: only that one is written over. */
const cut = (text: string): string => text.slice(0, (process.stderr.columns || usualColumns) - 1);

/** One line on the terminal that is written over and over; nothing where nobody watches. */
export const statusLine = {
  tell: (text: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${cut(`  ${text}`)}`);
  },
  end: (): void => {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  },
};
