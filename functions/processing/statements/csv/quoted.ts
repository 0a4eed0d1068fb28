import { bounds } from "../bounds";
import { countLines, endOfLine } from "./lines";

export const quote = '"';

/** `unfinished`: there may be more text. `unclosed`: what looked like an opening quote was none. */
type Trouble = "unfinished" | "unclosed";

interface Piece {
  text: string;
  delimiter: string;
  /** Where the record begins. */
  from: number;
  last: boolean;
}

type Cell = { cell: string; next: number };

const tooLong = ({ text, from }: Piece): boolean => text.length - from > bounds.recordCharacters;

/**
 * A cell in quotes. A quote inside it that is not doubled is taken as it stands, since banks forget to double it; but not
 * once the cell runs over several lines, or a quote that was never closed would swallow the lines below it.
 */
const quotedCell = (piece: Piece, open: number): Cell | Trouble => {
  const { text, delimiter, from, last } = piece;
  let cell = "";
  let start = open + 1;
  let overLines = false;
  for (;;) {
    const close = text.indexOf(quote, start);
    if (close < 0) return last || tooLong(piece) ? "unclosed" : "unfinished";
    if (close - from > bounds.recordCharacters) return "unclosed";
    const part = text.slice(start, close);
    overLines ||= /[\r\n]/.test(part);
    cell += part;
    const after = text[close + 1];
    if (after === undefined && !last) return "unfinished";
    if (after === undefined || after === delimiter || after === "\n" || after === "\r") {
      return overLines && countLines(cell) > bounds.recordLines ? "unclosed" : { cell, next: close + 1 };
    }
    if (after !== quote && overLines) return "unclosed";
    cell += quote;
    start = close + (after === quote ? 2 : 1);
  }
};

const plainCell = (piece: Piece, at: number): Cell | Trouble => {
  const { text, delimiter, last } = piece;
  const line = endOfLine(text, at, last);
  const stop = text.indexOf(delimiter, at);
  if (stop >= 0 && (!line || stop < line.end)) return { cell: text.slice(at, stop), next: stop };
  if (line) return { cell: text.slice(at, line.end), next: line.end };
  return tooLong(piece) ? "unclosed" : "unfinished";
};

/** Where the cell's quote stands: some programs put a blank before it. */
const quoteAt = (text: string, at: number): number | undefined => {
  let open = at;
  while (text[open] === " ") open++;
  return text[open] === quote ? open : undefined;
};

/** A record in which something is quoted. */
export const quotedRecord = (piece: Piece): { cells: string[]; next: number } | Trouble => {
  const { text, delimiter, from, last } = piece;
  const cells: string[] = [];
  let at = from;
  for (;;) {
    const open = quoteAt(text, at);
    const read = open === undefined ? plainCell(piece, at) : quotedCell(piece, open);
    if (typeof read === "string") return read;
    cells.push(read.cell);
    if (text[read.next] !== delimiter) {
      const line = endOfLine(text, read.next, last);
      return line ? { cells, next: line.next } : "unfinished";
    }
    at = read.next + 1;
  }
};
