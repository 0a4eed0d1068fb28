const lineEnd = /\r\n|\n|\r/g;

export interface LineEnd {
  end: number;
  next: number;
}

/** Where a line ends, and where the next begins; undefined where more text may be needed to tell. */
export const endOfLine = (text: string, from: number, last: boolean): LineEnd | undefined => {
  lineEnd.lastIndex = from;
  const found = lineEnd.exec(text);
  if (!found) return last ? { end: text.length, next: text.length } : undefined;
  // A line feed may be the first character of the next piece.
  if (found[0] === "\r" && found.index === text.length - 1 && !last) return undefined;
  return { end: found.index, next: found.index + found[0].length };
};

export const countLines = (text: string): number => text.match(lineEnd)?.length ?? 0;
