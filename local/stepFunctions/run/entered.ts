import type { Json } from "../language/json";
import type { Path, Scope } from "../language/path";
import { select } from "../language/select";
import { runtimeError } from "../language/stateError";
import type { State } from "../language/states";
import { contextOf, type Strand } from "./strand";

/** A state that was entered. */
export interface Entered {
  strand: Strand;
  name: string;
  /** As it came from the state before. */
  input: Json;
  eventId: number;
  at: number;
}

/** What a state leads to. Without `next` it was the last. */
export interface Outcome {
  output: Json;
  next?: string | undefined;
}

/** From what comes out of a path that must lead somewhere. */
export const required = (path: Path, scope: Scope): Json => {
  const found = select(path, scope);
  if (found !== undefined) return found;
  const steps = path.text.replace(/^\$+/, "").replace(/\.([^.[\]]+)/g, "['$1']");
  throw runtimeError(`Invalid path '${path.text}' : No results for path: $${steps}`);
};

/** What InputPath leaves of the input, with the context object. */
export const scopeOf = (state: State, { strand, name, input, at }: Entered, retryCount?: number): Scope => {
  const scope = {
    input,
    context: contextOf(strand, { name, enteredAt: at, ...(retryCount !== undefined && { retryCount }) }),
  };
  if (!("InputPath" in state) || state.InputPath === undefined) return scope;
  return { ...scope, input: state.InputPath === null ? {} : required(state.InputPath, scope) };
};

/** What OutputPath leaves of the output. */
export const throughOutputPath = (state: State, output: Json, { context }: Scope): Json => {
  if (!("OutputPath" in state) || state.OutputPath === undefined) return output;
  return state.OutputPath === null ? {} : required(state.OutputPath, { input: output, context });
};

/** A number of a field, or of the path beside it. */
export const numberOf = (
  literal: number | undefined,
  path: Path | undefined,
  scope: Scope,
  field: string,
): number | undefined => {
  if (!path) return literal;
  const found = select(path, scope);
  if (found === undefined) throw runtimeError(`The ${field} parameter does not reference an input value: ${path.text}`);
  if (typeof found === "number" && Number.isInteger(found) && found >= 0) return found;
  throw runtimeError(`The ${field} parameter references an invalid value: ${JSON.stringify(found)}`);
};
