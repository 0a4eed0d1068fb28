import { AwsError } from "../cloud/awsError";
import { tokensIn } from "./expression";

const mostOperands = 100;
const mostOperators = 300;
/** What is shorter has room for neither: an operand and what parts it from the next take two characters at least. */
const harmless = 2 * mostOperands;

const invalid = (kind: string, message: string): AwsError =>
  new AwsError("ValidationException", `Invalid ${kind}: ${message}`);

/** How many operands the list has that is opened there. */
const operandsAt = (tokens: readonly string[], opening: number): number => {
  let depth = 0;
  let operands = 1;
  for (const token of tokens.slice(opening)) {
    if (token === "(") depth++;
    else if (token === ")") depth--;
    else if (token === "," && depth === 1) operands++;
    if (depth === 0) break;
  }
  return operands;
};

const isIn = (token: string | undefined): boolean => token?.toUpperCase() === "IN";
const conditional = /^([<>]=?|<>|=|AND|OR|NOT|IN)$/i;
const arithmetic = /^[+-]$/;

/** Comparisons, words that join them, and functions; in an update sums and functions. The AND of a BETWEEN counts for it. */
const operatorsIn = (kind: string, tokens: readonly string[]): number => {
  const operator = kind === "UpdateExpression" ? arithmetic : conditional;
  return tokens.filter((token, at) => operator.test(token) || (tokens[at + 1] === "(" && /^[a-z_]+$/.test(token)))
    .length;
};

const check = (kind: string, expression: unknown): void => {
  if (typeof expression !== "string" || expression.length < harmless) return;
  const tokens = tokensIn(expression);
  for (const [at, token] of tokens.entries()) {
    const operands = isIn(token) ? operandsAt(tokens, at + 1) : 0;
    if (operands <= mostOperands) continue;
    throw invalid(kind, `The IN operator is provided with too many operands; number of operands: ${operands}`);
  }
  const operators = operatorsIn(kind, tokens);
  if (operators <= mostOperators) return;
  throw invalid(kind, `The expression contains too many operators; operator count: ${mostOperators + 1}`);
};

const kinds = ["ConditionExpression", "FilterExpression", "KeyConditionExpression", "UpdateExpression"] as const;

type Expressions = Partial<Record<(typeof kinds)[number], unknown>>;

const checkAll = (request: Expressions): void => {
  for (const kind of kinds) check(kind, request[kind]);
};

/** Refuses expressions that are larger than AWS lets them be; how long they are, the engine checks. */
export const expressionChecks: Readonly<Record<string, (request: object) => void>> = {
  DeleteItem: checkAll,
  PutItem: checkAll,
  Query: checkAll,
  Scan: checkAll,
  TransactWriteItems: ({ TransactItems = [] }: { TransactItems?: Record<string, Expressions>[] }) => {
    for (const item of TransactItems) for (const part of Object.values(item)) checkAll(part);
  },
  UpdateItem: checkAll,
};
