import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { UserError } from "../engine/stackFile";

const asLine = (entry: unknown): string => `${JSON.stringify(entry)}\n`;

/** What is kept may be secret, so that only its owner may read it. */
const mode = 0o600;

const endsALine = (file: number, size: number): boolean => {
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last.toString() === "\n";
};

/** What a crash cut off would run into the next line. */
const openForLines = (path: string): number => {
  const file = openSync(path, "a+", mode);
  const { size } = fstatSync(file);
  if (size > 0 && !endsALine(file, size)) cutBack(file, readFileSync(path).lastIndexOf("\n") + 1);
  return file;
};

const cutBack = (file: number, length: number): void => {
  if (fstatSync(file).size > length) ftruncateSync(file, length);
};

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
    try {
      writeFileSync(aside, text, { mode });
      renameSync(aside, this.path);
    } catch (error) {
      rmSync(aside, { force: true });
      throw error;
    }
    this.#bytes = Buffer.byteLength(text);
  }

  append(entry: Entry): void {
    this.appendAll([entry]);
  }

  /** All of them, or none: where there is no room for a whole line, half of it must not stay. */
  appendAll(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    this.#file ??= openForLines(this.path);
    const before = fstatSync(this.#file).size;
    const text = entries.map(asLine).join("");
    try {
      writeFileSync(this.#file, text);
    } catch (error) {
      cutBack(this.#file, before);
      throw error;
    }
    this.#bytes += Buffer.byteLength(text);
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
      throw new UserError(
        `${this.path} cannot be read: line ${number} is not JSON. Delete that file to go on without what it kept, or move the folder of the data away to begin anew.`,
      );
    }
  }
}
