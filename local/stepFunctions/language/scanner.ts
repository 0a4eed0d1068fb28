/** Reads a text from its beginning to its end. */
export class Scanner {
  #at = 0;

  constructor(readonly text: string) {}

  get position(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at >= this.text.length;
  }

  /** Is this what comes next? */
  sees(expected: string): boolean {
    return this.text.startsWith(expected, this.#at);
  }

  /** Goes past what comes next, if it is this. */
  take(expected: string): boolean {
    if (!this.sees(expected)) return false;
    this.#at += expected.length;
    return true;
  }

  /** Goes past what comes next, if it looks like this. The pattern must be sticky. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (!found) return undefined;
    this.#at += found[0].length;
    return found;
  }

  space(): void {
    this.match(/\s*/y);
  }

  expect(expected: string): void {
    if (!this.take(expected)) throw this.trouble(`expected ${expected}`);
  }

  /** A text in quotes, in which a backslash stands before a quote or another backslash. */
  quoted(quote: "'" | '"' = "'"): string | undefined {
    if (!this.take(quote)) return undefined;
    let read = "";
    while (!this.take(quote)) {
      if (this.done) throw this.trouble(`expected ${quote}`);
      if (this.take("\\") && (this.sees("{") || this.sees("}"))) {
        throw this.trouble("the embedded cloud does not support escaped braces");
      }
      read += this.text[this.#at++] ?? "";
    }
    return read;
  }

  trouble(what: string): Error {
    return new Error(`'${this.text}' is not understood at character ${this.#at + 1}: ${what}`);
  }
}
