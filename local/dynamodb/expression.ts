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

export const valueFor = ({ ExpressionAttributeValues }: Expressed, token = ""): Value | undefined =>
  ExpressionAttributeValues?.[token];
