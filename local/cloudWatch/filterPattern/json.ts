import type { LogLine } from "../logLine";
import { invalid, unsupported } from "../refused";
import type { Matches } from "./matches";
import { readSelector, type Selector, select } from "./selector";

type Test = (root: unknown) => boolean;

interface Literal {
  text: string;
  quoted: boolean;
}

const numeric = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

const orders: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** A text with `*` for anything. */
const wildcard = (text: string): RegExp => new RegExp(`^${text.split("*").map(escaped).join(".*")}$`, "s");

const equality = (selector: Selector, { text, quoted }: Literal, wanted: boolean): Test => {
  const bound = !quoted && numeric.test(text) ? Number(text) : undefined;
  const pattern = wildcard(text);
  return (root) => {
    const value = select(selector, root);
    if (typeof value === "number" && bound !== undefined) return (value === bound) === wanted;
    // Objects, lists, booleans and what is not there are neither equal nor unequal to anything.
    return (typeof value === "number" || typeof value === "string") && pattern.test(String(value)) === wanted;
  };
};

const comparison = (selector: Selector, operator: string, literal: Literal): Test => {
  if (!literal.quoted && /^(true|false|null)$/i.test(literal.text)) {
    throw unsupported(
      `${operator} ${literal.text} in a filter pattern, which AWS writes IS ${literal.text.toUpperCase()},`,
    );
  }
  if (operator === "=" || operator === "!=") return equality(selector, literal, operator === "=");
  const order = orders[operator];
  if (!order || literal.quoted || !numeric.test(literal.text)) {
    throw invalid(`filter pattern: ${operator} takes a number, not ${literal.text}`);
  }
  const bound = Number(literal.text);
  return (root) => {
    const value = select(selector, root);
    return typeof value === "number" && order(value, bound);
  };
};

const singletons: Readonly<Record<string, (value: unknown) => boolean>> = {
  "IS NULL": (value) => value === null,
  "IS TRUE": (value) => value === true,
  "IS FALSE": (value) => value === false,
  "NOT EXISTS": (value) => value === undefined,
};

const tokens = /\s*(&&|\|\||<=|>=|!=|[=<>(){}]|"(?:[^"\\]|\\.)*"|(?:(?!&&|\|\|)[^\s=<>!(){}"])+)/y;

const tokenize = (pattern: string): string[] => {
  const found: string[] = [];
  const end = pattern.trimEnd().length;
  for (tokens.lastIndex = 0; tokens.lastIndex < end; ) {
    const from = tokens.lastIndex;
    const token = tokens.exec(pattern)?.[1];
    if (token === undefined) throw invalid(`filter pattern: not understood at ${from + 1}: ${pattern}`);
    if (token.startsWith("%")) throw unsupported("a regular expression in a filter pattern");
    found.push(token);
  }
  return found;
};

class Parser {
  private at = 0;

  constructor(
    private readonly pattern: string,
    private readonly found: readonly string[],
  ) {}

  whole(): Test {
    this.expect("{");
    const test = this.either();
    this.expect("}");
    if (this.at < this.found.length) throw this.unexpected();
    return test;
  }

  private either(): Test {
    const tests = [this.both()];
    while (this.accept("||")) tests.push(this.both());
    return (root) => tests.some((test) => test(root));
  }

  private both(): Test {
    const tests = [this.condition()];
    while (this.accept("&&")) tests.push(this.condition());
    return (root) => tests.every((test) => test(root));
  }

  private condition(): Test {
    if (this.accept("(")) {
      const test = this.either();
      this.expect(")");
      return test;
    }
    const selector = readSelector(this.take());
    const operator = this.take();
    if (operator === "IS" || operator === "NOT") {
      const test = singletons[`${operator} ${this.take()}`];
      if (!test) throw this.unexpected(-1);
      return (root) => test(select(selector, root));
    }
    if (!(operator in orders) && operator !== "=" && operator !== "!=") throw this.unexpected(-1);
    return comparison(selector, operator, this.literal());
  }

  private literal(): Literal {
    const token = this.take();
    if (token.startsWith('"')) return { text: token.slice(1, -1).replace(/\\(.)/g, "$1"), quoted: true };
    if (/^[&|=<>!(){}]/.test(token)) throw this.unexpected(-1);
    return { text: token, quoted: false };
  }

  private take(): string {
    const token = this.found[this.at++];
    if (token === undefined) throw this.unexpected();
    return token;
  }

  private accept(token: string): boolean {
    if (this.found[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private expect(token: string): void {
    if (!this.accept(token)) throw this.unexpected();
  }

  private unexpected(offset = 0): Error {
    const token = this.found[this.at + offset] ?? "the end";
    return invalid(`filter pattern: ${token} was not expected in: ${this.pattern}`);
  }
}

/** `{ $.a.b = "x" && $.n > 3 }`: matches lines that are JSON and meet the condition. */
export const jsonPattern = (pattern: string): Matches => {
  const test = new Parser(pattern, tokenize(pattern)).whole();
  return (line: LogLine) => {
    const root = line.json();
    return root !== undefined && test(root);
  };
};
