import { callFunction, type Surroundings } from "./metricMath/functions";
import { applyOperator } from "./metricMath/operators";
import type { Expression } from "./metricMath/parse";
import { eachPoint, eachSeries, isArray, type Value } from "./metricMath/values";
import { invalid, unsupported } from "./refused";
import type { Frame, Series } from "./series";

export { type Expression, parseExpression } from "./metricMath/parse";

/** What an expression's ids stand for: metrics, aligned with one frame, and other expressions. */
export interface MathScope {
  frame: Frame;
  metrics: ReadonlyMap<string, Series>;
  expressions: ReadonlyMap<string, Expression>;
  /** What ids have come to already: the same id stands for the same series, however often it is named. */
  known?: Map<string, Value>;
}

const negated = eachPoint((value) => -value);

const members = (value: Value): readonly Series[] => {
  if (typeof value === "number") {
    throw invalid("metric math: an array takes time series; a number becomes one by TIME_SERIES");
  }
  return isArray(value) ? value.members : [value];
};

const evaluateIn = (expression: Expression, scope: MathScope, path: readonly string[]): Value => {
  const evaluate = (part: Expression): Value => evaluateIn(part, scope, path);
  const { frame, metrics, expressions } = scope;
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "id": {
      const { id } = expression;
      const metric = metrics.get(id);
      if (metric) return metric;
      const other = expressions.get(id);
      if (!other) throw invalid(`metric math: there is no metric or expression with the id ${id}`);
      if (path.includes(id)) throw invalid(`metric math: ${[...path, id].join(" needs ")}`);
      const value = scope.known?.get(id) ?? evaluateIn(other, scope, [...path, id]);
      scope.known?.set(id, value);
      return value;
    }
    case "negative": {
      const value = evaluate(expression.of);
      return typeof value === "number" ? -value : eachSeries("-", value, negated);
    }
    case "binary":
      return applyOperator(expression.operator, evaluate(expression.left), evaluate(expression.right), frame.length);
    case "array":
      return { members: expression.members.flatMap((member) => members(evaluate(member))) };
    case "call": {
      const around: Surroundings = { frame, metrics, evaluate };
      return callFunction(expression.name, expression.args, around);
    }
    case "word":
      throw unsupported(`the word ${expression.word} at this place of a metric math expression`);
    case "text":
      throw invalid(`metric math: the text "${expression.value}" has no place here`);
  }
};

/** The time series that an expression comes to: one, or those of an array. A mere number is refused, as by CloudWatch. */
export const evaluateExpression = (expression: Expression, scope: MathScope): readonly Series[] => {
  const value = evaluateIn(expression, scope, []);
  if (typeof value === "number") {
    throw invalid("metric math: an expression must come to a time series, not to a number");
  }
  return isArray(value) ? value.members : [value];
};
