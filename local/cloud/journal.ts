import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";

const asLine = (entry: unknown): string => `${JSON.stringify(entry)}\n`;

/**
 * What changed, one line of JSON each, in a file. A line is written before the change is acknowledged, so that whoever
 * dies in between has promised nothing.
 */
export class Journal<Entry> {
  #file: number | undefined;

  constructor(private readonly path: string) {}

  /** Everything that was appended. A last line that was cut off by a crash was never acknowledged, and is left out. */
  read(): Entry[] {
    if (!existsSync(this.path)) return [];
    const lines = readFileSync(this.path, "utf8").split("\n");
    lines.pop();
    return lines.map((line) => JSON.parse(line) as Entry);
  }

  /** Begins anew with just these entries. */
  rewrite(entries: Iterable<Entry>): void {
    this.close();
    const aside = `${this.path}.new`;
    writeFileSync(aside, [...entries].map(asLine).join(""));
    renameSync(aside, this.path);
  }

  append(entry: Entry): void {
    this.#file ??= openSync(this.path, "a");
    writeSync(this.#file, asLine(entry));
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
