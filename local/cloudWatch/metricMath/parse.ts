import { invalid } from "../refused";
import { type BinaryOperator, canonical } from "./operators";
import { type Token, tokenize } from "./tokens";

export type Expression =
  | { kind: "number"; value: number }
  | { kind: "text"; value: string }
  | { kind: "id"; id: string }
  /** A word that only some function's argument understands, such as REPEAT. */
  | { kind: "word"; word: string }
  | { kind: "negative"; of: Expression }
  | { kind: "binary"; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: "array"; members: Expression[] }
  | { kind: "call"; name: string; args: Expression[] };

/** From what binds loosest to what binds tightest; each level reads from left to right. */
const levels: readonly (readonly string[])[] = [
  ["OR", "||"],
  ["AND", "&&"],
  ["==", "!=", "<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/"],
];

const deepest = 100;

class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly source: string,
    private readonly tokens: readonly Token[],
  ) {}

  whole(): Expression {
    const expression = this.level(0);
    if (this.peek().kind !== "end") throw this.unexpected();
    return expression;
  }

  private level(height: number): Expression {
    const operators = levels[height];
    if (!operators) return this.unary();
    let left = this.level(height + 1);
    while (operators.includes(this.peek().text) && this.peek().kind !== "text") {
      const operator = canonical(this.take().text);
      left = { kind: "binary", operator, left, right: this.level(height + 1) };
    }
    return left;
  }

  private unary(): Expression {
    if (++this.depth > deepest) throw invalid(`metric math: nested too deeply: ${this.source}`);
    try {
      return this.accept("-") ? { kind: "negative", of: this.unary() } : this.power();
    } finally {
      this.depth--;
    }
  }

  private power(): Expression {
    const base = this.primary();
    return this.accept("^") ? { kind: "binary", operator: "^", left: base, right: this.unary() } : base;
  }

  private primary(): Expression {
    const { kind, text } = this.peek();
    switch (kind) {
      case "number":
        this.take();
        return { kind, value: Number(text) };
      case "text":
        this.take();
        return { kind, value: text };
      case "id":
        this.take();
        return { kind, id: text };
      case "function":
        if (text === "AND" || text === "OR") throw this.unexpected();
        this.take();
        return this.accept("(")
          ? { kind: "call", name: text, args: this.listUntil(")") }
          : { kind: "word", word: text };
      default:
        return this.enclosed();
    }
  }

  private enclosed(): Expression {
    if (this.accept("[")) return { kind: "array", members: this.listUntil("]") };
    if (!this.accept("(")) throw this.unexpected();
    const inner = this.level(0);
    if (!this.accept(")")) throw this.unexpected();
    return inner;
  }

  private listUntil(close: string): Expression[] {
    const items: Expression[] = [];
    if (this.accept(close)) return items;
    do items.push(this.level(0));
    while (this.accept(","));
    if (!this.accept(close)) throw this.unexpected();
    return items;
  }

  private peek(): Token {
    const token = this.tokens[this.at];
    if (!token) throw this.unexpected();
    return token;
  }

  private take(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }

  private accept(symbol: string): boolean {
    const { kind, text } = this.peek();
    if (kind !== "symbol" || text !== symbol) return false;
    this.at++;
    return true;
  }

  private unexpected(): Error {
    const token = this.tokens[this.at];
    return invalid(`metric math: ${token?.text} at ${token?.at} was not expected in: ${this.source}`);
  }
}

export const parseExpression = (source: string): Expression => new Parser(source, tokenize(source)).whole();
