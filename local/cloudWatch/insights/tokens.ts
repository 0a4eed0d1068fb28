import { invalid } from "../refused";

export type TokenKind = "word" | "number" | "text" | "regex" | "symbol" | "end";

export interface Token {
  kind: TokenKind;
  text: string;
}

const shapes: readonly [TokenKind | "space", RegExp][] = [
  ["space", /\s+/y],
  ["number", /-?\d+(?:\.\d+)?/y],
  ["word", /@?[A-Za-z_][\w.]*|`[^`]+`/y],
  ["text", /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y],
  ["regex", /\/(?:[^/\\]|\\.)+\//y],
  ["symbol", /<=|>=|!=|=|<|>|[|,()[\]*]/y],
];

const contentOf: Record<TokenKind, (text: string) => string> = {
  word: (text) => text.replaceAll("`", ""),
  number: (text) => text,
  text: (text) => text.slice(1, -1).replace(/\\(.)/g, "$1"),
  regex: (text) => text.slice(1, -1),
  symbol: (text) => text,
  end: (text) => text,
};

/** Cuts a query of Logs Insights into words. */
export const tokenize = (query: string): Token[] => {
  const tokens: Token[] = [];
  for (let from = 0; from < query.length; ) {
    let length = 0;
    for (const [kind, shape] of shapes) {
      shape.lastIndex = from;
      const text = shape.exec(query)?.[0];
      if (text === undefined) continue;
      if (kind !== "space") tokens.push({ kind, text: contentOf[kind](text) });
      length = text.length;
      break;
    }
    if (length === 0) throw invalid(`unexpected symbol found ${query[from]} at ${from + 1} of the query`);
    from += length;
  }
  return [...tokens, { kind: "end", text: "the end" }];
};

/** Reads tokens one after another. */
export class Reader {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  peek(): Token {
    return this.tokens[this.#at] ?? { kind: "end", text: "the end" };
  }

  take(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  /** Takes the next token if it is this word or symbol. */
  accept(text: string): boolean {
    const { kind, text: next } = this.peek();
    if ((kind !== "word" && kind !== "symbol") || next.toLowerCase() !== text) return false;
    this.#at++;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw invalid(`the query has ${this.peek().text} where ${text} was expected`);
  }

  word(what: string): string {
    const { kind, text } = this.take();
    if (kind !== "word") throw invalid(`the query has ${text} where ${what} was expected`);
    return text;
  }

  number(what: string): number {
    const { kind, text } = this.take();
    if (kind !== "number") throw invalid(`the query has ${text} where ${what} was expected`);
    return Number(text);
  }

  /** One or more, with commas between them. */
  list<T>(one: () => T): T[] {
    const found = [one()];
    while (this.accept(",")) found.push(one());
    return found;
  }
}
