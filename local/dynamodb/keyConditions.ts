import { type Expressed, nameFor, tokensIn, type Value, valueFor } from "./expression";

/** What a query asks of one attribute of a key. */
export interface KeyCondition {
  attribute: string;
  operator: string;
  operands: readonly (Value | undefined)[];
}

const grouping = new Set(["(", ")", ","]);

/** The conditions of a query's key: they are joined by AND, so that their brackets say nothing more. */
export const keyConditionsIn = (asked: Expressed & { KeyConditionExpression?: unknown }): KeyCondition[] => {
  const tokens = tokensIn(asked.KeyConditionExpression).filter((token) => !grouping.has(token));
  const found: KeyCondition[] = [];
  const take = (name: string | undefined, operator: string, ...operands: (string | undefined)[]) =>
    found.push({
      attribute: nameFor(asked, name),
      operator,
      operands: operands.map((operand) => valueFor(asked, operand)),
    });
  for (let at = 0; at < tokens.length; ) {
    const [first, second, third, , fifth] = tokens.slice(at, at + 5);
    const operator = second?.toUpperCase() ?? "";
    if (first?.toUpperCase() === "AND") at += 1;
    else if (first === "begins_with") {
      take(second, first, third);
      at += 3;
    } else if (operator === "BETWEEN") {
      take(first, operator, third, fifth);
      at += 5;
    } else {
      take(first, operator, third);
      at += 3;
    }
  }
  return found;
};

const bytes = ({ S, B }: Value): Buffer | undefined => {
  if (typeof S === "string") return Buffer.from(S);
  return typeof B === "string" ? Buffer.from(B, "base64") : undefined;
};

/** As DynamoDB orders keys: by bytes, or by number. Undefined where that cannot be told. */
const compare = (one: Value, other: Value): number | undefined => {
  if (one.N !== undefined && other.N !== undefined) {
    const difference = Number(one.N) - Number(other.N);
    // Numbers have up to 38 digits.
    return Number.isNaN(difference) || (difference === 0 && one.N !== other.N) ? undefined : difference;
  }
  const [left, right] = [bytes(one), bytes(other)];
  return left && right && Buffer.compare(left, right);
};

const tests: Readonly<Record<string, (difference: number) => boolean>> = {
  "=": (difference) => difference === 0,
  "<": (difference) => difference < 0,
  "<=": (difference) => difference <= 0,
  ">": (difference) => difference > 0,
  ">=": (difference) => difference >= 0,
};

const holds = (operator: string, value: Value, operand: Value | undefined): boolean => {
  const difference = operand && compare(value, operand);
  return difference === undefined || tests[operator]?.(difference) !== false;
};

const begins = (value: Value, operand: Value | undefined): boolean => {
  const [whole, start] = [bytes(value), operand && bytes(operand)];
  return !whole || !start || whole.subarray(0, start.length).equals(start);
};

/** Whether a value fulfils a condition, as far as both are what they should be. What they are, the engine judges. */
export const fulfils = (value: Value, { operator, operands }: KeyCondition): boolean => {
  const [first, second] = operands;
  if (operator === "begins_with") return begins(value, first);
  if (operator === "BETWEEN") return holds(">=", value, first) && holds("<=", value, second);
  return holds(operator, value, first);
};
