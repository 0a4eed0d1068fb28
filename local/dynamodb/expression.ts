/** A value as DynamoDB's requests have it: under the name of its type. */
export interface Value {
  S?: unknown;
  N?: unknown;
  B?: unknown;
}

export type Item = Record<string, Value>;

/** What the names and values in a request's expressions stand for. */
export interface Expressed {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, Value>;
}

/** The words and signs of an expression. Whether it is one, the engine judges. */
export const tokensIn = (expression: unknown): string[] =>
  typeof expression === "string" ? (expression.match(/[#:]?\w+|<>|<=|>=|[^\s\w]/g) ?? []) : [];

export const nameFor = ({ ExpressionAttributeNames }: Expressed, token = ""): string =>
  token.startsWith("#") ? (ExpressionAttributeNames?.[token] ?? token) : token;

const isWord = (token: string): boolean => /^(AND|OR|NOT|BETWEEN|IN)$/i.test(token);

/** The attributes that an expression names: the first of each path. */
export const attributesIn = (asked: Expressed, expression: unknown): string[] => {
  const tokens = tokensIn(expression);
  const heads = tokens.filter(
    (token, at) => /^[#a-z_]/i.test(token) && !isWord(token) && tokens[at - 1] !== "." && tokens[at + 1] !== "(",
  );
  return [...new Set(heads.map((token) => nameFor(asked, token)))];
};

export const valueFor = ({ ExpressionAttributeValues }: Expressed, token = ""): Value | undefined =>
  ExpressionAttributeValues?.[token];
