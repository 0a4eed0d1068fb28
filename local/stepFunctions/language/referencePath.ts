import { isObject, type Json } from "./json";
import { compilePath } from "./path";
import { StateError } from "./stateError";

/** A path to one place, where something can be put too. */
export interface ReferencePath {
  text: string;
  steps: readonly (string | number)[];
}

export const compileReferencePath = (text: string): ReferencePath => {
  const { root, steps, definite } = compilePath(text);
  const places = steps.flatMap((step): (string | number)[] => {
    if (step.kind === "names") return [...step.names];
    return step.kind === "indices" ? step.indices.filter((index) => index >= 0) : [];
  });
  // As many places as steps: none of them gathers, or counts from the end.
  if (root === "context" || !definite || places.length < steps.length) throw new Error("Value is not a Reference Path");
  return { text, steps: places };
};

const noPlace = (text: string, input: Json): StateError =>
  new StateError(
    "States.ResultPathMatchFailure",
    `Unable to apply step "${text}" to input ${JSON.stringify(input)}`,
    true,
  );

/** A copy of the input with a value at this place. Objects on the way are made where there is nothing. */
export const place = ({ text, steps }: ReferencePath, input: Json, value: Json): Json => {
  const put = (at: Json | undefined, [step, ...rest]: readonly (string | number)[]): Json => {
    if (step === undefined) return value;
    if (typeof step === "string") {
      if (at !== undefined && !isObject(at)) throw noPlace(text, input);
      return { ...at, [step]: put(at && Object.hasOwn(at, step) ? at[step] : undefined, rest) };
    }
    if (!Array.isArray(at) || step >= at.length) throw noPlace(text, input);
    return at.with(step, put(at[step], rest));
  };
  return put(input, steps);
};
