import { isObject, type Json } from "./json";
import type { Path, Scope, Step } from "./path";

const valuesOf = (value: Json): Json[] => {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
};

/** The value itself and whatever lies in it. */
const everything = (value: Json): Json[] => [value, ...valuesOf(value).flatMap(everything)];

const member = (value: Json, name: string): Json[] =>
  isObject(value) && Object.hasOwn(value, name) ? [value[name] ?? null] : [];

const item = (value: Json, index: number): Json[] => {
  const found = Array.isArray(value) ? value.at(index) : undefined;
  return found === undefined ? [] : [found];
};

const take = (value: Json, step: Step, root: Json): Json[] => {
  switch (step.kind) {
    case "names":
      return step.names.flatMap((name) => member(value, name));
    case "indices":
      return step.indices.flatMap((index) => item(value, index));
    case "slice":
      return Array.isArray(value) ? value.slice(step.from, step.to).filter((_, at) => at % step.step === 0) : [];
    case "every":
      return valuesOf(value);
    case "filter":
      return valuesOf(value).filter((one) => step.accepts(one, root));
    case "descend":
      return everything(value);
  }
};

/** All that lies at the end of these steps. */
export const follow = (root: Json, steps: readonly Step[]): Json[] =>
  steps.reduce<Json[]>((values, step) => values.flatMap((value) => take(value, step, root)), [root]);

/** What a path leads to; undefined: nothing, as only a definite path can. */
export const select = ({ root, steps, definite }: Path, scope: Scope): Json | undefined => {
  const found = follow(scope[root], steps);
  return definite ? found[0] : found;
};
