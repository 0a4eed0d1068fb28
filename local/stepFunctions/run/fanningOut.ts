import type { Json } from "../language/json";
import type { Path, Scope } from "../language/path";
import { runtimeError } from "../language/stateError";
import type { MapState, Parallel, States } from "../language/states";
import { attempted } from "./attempts";
import { type Entered, numberOf, type Outcome, required } from "./entered";
import type { Strand } from "./strand";
import { type Piece, together } from "./together";

export type RunStates = (states: States, input: Json, strand: Strand) => Promise<Json>;

/** AWS works on so many items at once, where the definition sets no limit or a higher one. */
const mostAtOnce = 40;

const itemsOf = (path: Path | undefined, scope: Scope): Json[] => {
  const items = path ? required(path, scope) : scope.input;
  if (Array.isArray(items)) return items;
  throw runtimeError(`Reference path "${path?.text ?? "$"}" must point to array.`);
};

export const map = (state: MapState, entered: Entered, runStates: RunStates): Promise<Outcome> => {
  const { strand, name } = entered;
  const pieceOf = (value: Json, index: number, scope: Scope): Piece => {
    const details = { name, index };
    const item = { Index: index, Value: value };
    return {
      item,
      began: (own) => own.add("MapIterationStarted", details),
      succeeded: (own) => own.note("MapIterationSucceeded", details),
      failed: (own) => own.note("MapIterationFailed", details),
      aborted: (own) => own.note("MapIterationAborted", details),
      run: async (own) => {
        const context = { ...scope.context, Map: { Item: item } };
        const input = state.ItemSelector?.({ input: scope.input, context }, strand.around.tools) ?? value;
        return runStates(state.ItemProcessor, input, own);
      },
    };
  };
  const runOnce = async (scope: Scope): Promise<Json> => {
    const items = itemsOf(state.ItemsPath, scope);
    const most = numberOf(state.MaxConcurrency, state.MaxConcurrencyPath, scope, "MaxConcurrencyPath") ?? 0;
    strand.add("MapStateStarted", { length: items.length });
    const pieces = items.map((value, index) => pieceOf(value, index, scope));
    const results = await together(strand, pieces, Math.min(most || mostAtOnce, mostAtOnce));
    strand.note("MapStateSucceeded");
    return results;
  };
  return attempted(state, entered, runOnce, () => strand.add("MapStateFailed"));
};

export const parallel = (state: Parallel, entered: Entered, runStates: RunStates): Promise<Outcome> => {
  const { strand } = entered;
  const runOnce = async (scope: Scope): Promise<Json> => {
    const input = state.Parameters ? state.Parameters(scope, strand.around.tools) : scope.input;
    strand.add("ParallelStateStarted");
    const pieces = state.Branches.map((branch): Piece => ({ run: (own) => runStates(branch, input, own) }));
    const results = await together(strand, pieces, pieces.length);
    strand.note("ParallelStateSucceeded");
    return results;
  };
  return attempted(state, entered, runOnce, () => strand.add("ParallelStateFailed"));
};
