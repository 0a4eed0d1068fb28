/** One line on the terminal that is written over and over; nothing where nobody watches. */
export const statusLine = {
  tell: (text: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K  ${text}`);
  },
  end: (): void => {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  },
};
