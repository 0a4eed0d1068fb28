import { invalid } from "../refused";

export type TokenKind = "number" | "id" | "function" | "text" | "symbol" | "end";

export interface Token {
  kind: TokenKind;
  text: string;
  /** Where it begins in the expression, from 1. */
  at: number;
}

const shapes: readonly [TokenKind | "space", RegExp][] = [
  ["space", /\s+/y],
  ["number", /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["id", /[a-z][A-Za-z0-9_]*/y],
  ["function", /[A-Z][A-Z0-9_]*/y],
  ["text", /"[^"]*"|'[^']*'/y],
  ["symbol", /<=|>=|==|!=|&&|\|\||[-+*/^<>(),[\]]/y],
];

const next = (expression: string, from: number): { kind: TokenKind | "space"; text: string } => {
  for (const [kind, shape] of shapes) {
    shape.lastIndex = from;
    const text = shape.exec(expression)?.[0];
    if (text !== undefined) return { kind, text };
  }
  throw invalid(`metric math: "${expression[from]}" at ${from + 1} is not understood in: ${expression}`);
};

export const tokenize = (expression: string): Token[] => {
  const tokens: Token[] = [];
  for (let from = 0; from < expression.length; ) {
    const { kind, text } = next(expression, from);
    if (kind === "text") tokens.push({ kind, text: text.slice(1, -1), at: from + 1 });
    else if (kind !== "space") tokens.push({ kind, text, at: from + 1 });
    from += text.length;
  }
  return [...tokens, { kind: "end", text: "the end", at: expression.length + 1 }];
};
