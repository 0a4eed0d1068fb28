import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";

const asLine = (entry: unknown): string => `${JSON.stringify(entry)}\n`;

/** What is kept may be secret, so that only its owner may read it. */
const mode = 0o600;

/**
 * What changed, one line of JSON each, in a file. A line is written before the change is acknowledged, so that whoever
 * dies in between has promised nothing.
 */
export class Journal<Entry> {
  #file: number | undefined;
  #bytes = 0;

  constructor(private readonly path: string) {}

  /** What was written since it was begun anew. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Everything that was appended. A last line that was cut off by a crash was never acknowledged, and is left out. */
  read(): Entry[] {
    if (!existsSync(this.path)) return [];
    const lines = readFileSync(this.path, "utf8").split("\n");
    lines.pop();
    return lines.map((line, at) => this.#parse(line, at + 1));
  }

  /** Begins anew with just these entries. */
  rewrite(entries: Iterable<Entry>): void {
    this.close();
    const aside = `${this.path}.new`;
    const text = [...entries].map(asLine).join("");
    writeFileSync(aside, text, { mode });
    renameSync(aside, this.path);
    this.#bytes = Buffer.byteLength(text);
  }

  append(entry: Entry): void {
    this.appendAll([entry]);
  }

  appendAll(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    this.#file ??= openSync(this.path, "a", mode);
    this.#bytes += writeSync(this.#file, entries.map(asLine).join(""));
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** Other than the parser's own, the error does not quote the line. */
  #parse(line: string, number: number): Entry {
    try {
      return JSON.parse(line) as Entry;
    } catch {
      throw new Error(`${this.path}: line ${number} is not JSON`);
    }
  }
}
