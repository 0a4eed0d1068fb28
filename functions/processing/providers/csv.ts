/** The lines that have something on them, however they end. */
export const linesOf = (csv: string): string[] =>
  csv
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== "");

const longestLine = 10_000;
const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;

/**
 * The cells of one line; undefined where its quotes are out of place. No cell here spans lines, so that a quote that is
 * never closed spoils its own line only.
 */
export const cellsOf = (line: string): string[] | undefined => {
  if (line.length > longestLine) return undefined;
  const cells: string[] = [];
  cell.lastIndex = 0;
  for (;;) {
    const found = cell.exec(line);
    if (!found) return undefined;
    const [, quoted, plain = "", end] = found;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "") return cells;
  }
};
