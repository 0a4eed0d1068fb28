import type { Json } from "../language/json";
import { place } from "../language/referencePath";
import { select } from "../language/select";
import { runtimeError, StateError } from "../language/stateError";
import type { Choice, Fail, Pass, Succeed, Wait } from "../language/states";
import { timestamp } from "../language/timestamp";
import { type Entered, numberOf, type Outcome, scopeOf, throughOutputPath } from "./entered";

export const pass = (state: Pass, entered: Entered): Outcome => {
  const scope = scopeOf(state, entered);
  const input = state.Parameters ? state.Parameters(scope, entered.strand.around.tools) : scope.input;
  const result: Json = state.Result === undefined ? input : state.Result;
  const { ResultPath: at } = state;
  const placed = at === null ? entered.input : at ? place(at, entered.input, result) : result;
  return { output: throughOutputPath(state, placed, scope), next: state.Next };
};

export const choice = (state: Choice, entered: Entered): Outcome => {
  const scope = scopeOf(state, entered);
  const next = state.Choices.find(({ holds }) => holds(scope))?.Next ?? state.Default;
  if (next !== undefined) return { output: throughOutputPath(state, scope.input, scope), next };
  throw new StateError(
    "States.NoChoiceMatched",
    "Failed to transition out of the state. The state does not point to a next state.",
    true,
  );
};

export const wait = async (state: Wait, entered: Entered): Promise<Outcome> => {
  const scope = scopeOf(state, entered);
  const seconds = numberOf(state.Seconds, state.SecondsPath, scope, "SecondsPath");
  if (seconds !== undefined) await entered.strand.until(entered.at + seconds * 1_000);
  const time = state.TimestampPath ? select(state.TimestampPath, scope) : state.Timestamp;
  if (state.TimestampPath && time === undefined) {
    throw runtimeError(`The TimestampPath parameter does not reference an input value: ${state.TimestampPath.text}`);
  }
  if (time !== undefined) {
    const moment = typeof time === "string" ? timestamp(time) : undefined;
    if (moment === undefined) {
      throw runtimeError(`The TimestampPath parameter references an invalid value: ${JSON.stringify(time)}`);
    }
    await entered.strand.until(moment);
  }
  return { output: throughOutputPath(state, scope.input, scope), next: state.Next };
};

export const succeed = (state: Succeed, entered: Entered): Outcome => {
  const scope = scopeOf(state, entered);
  return { output: throughOutputPath(state, scope.input, scope) };
};

export const fail = (state: Fail, entered: Entered): never => {
  const scope = scopeOf(state, entered);
  const { tools } = entered.strand.around;
  const text = (literal: string | undefined, path: Fail["ErrorPath"], field: string): string | undefined => {
    const value = path ? path(scope, tools) : literal;
    if (value === undefined || typeof value === "string") return value;
    throw runtimeError(`The ${field} field must be a string`);
  };
  throw new StateError(
    text(state.Error, state.ErrorPath, "ErrorPath") ?? "",
    text(state.Cause, state.CausePath, "CausePath"),
  );
};
