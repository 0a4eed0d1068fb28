import { isTooLarge, type Json } from "../language/json";
import { StateError, tooLarge } from "../language/stateError";
import type { State, States } from "../language/states";
import type { Entered, Outcome } from "./entered";
import { map, parallel } from "./fanningOut";
import { choice, fail, pass, succeed, wait } from "./simpleStates";
import { inputOf, outputOf, type Strand } from "./strand";
import { task } from "./task";

/** A state that an earlier process was in. */
export interface Resumption {
  name: string;
  input: Json;
  eventId: number;
  at: number;
}

const stepsInARow = 100;

const perform = (state: State, entered: Entered): Promise<Outcome> | Outcome => {
  switch (state.Type) {
    case "Pass":
      return pass(state, entered);
    case "Task":
      return task(state, entered);
    case "Choice":
      return choice(state, entered);
    case "Wait":
      return wait(state, entered);
    case "Succeed":
      return succeed(state, entered);
    case "Fail":
      return fail(state, entered);
    case "Map":
      return map(state, entered, runStates);
    case "Parallel":
      return parallel(state, entered, runStates);
  }
};

const enter = (state: State, name: string, input: Json, strand: Strand): Entered => {
  const { cloud, onTransition } = strand.around;
  const eventId = strand.add(`${state.Type}StateEntered`, { ...inputOf(JSON.stringify(input)), name });
  onTransition();
  return { strand, name, input, eventId, at: cloud.clock.now() };
};

const runState = async (state: State, entered: Entered): Promise<Outcome> => {
  const { strand, name, eventId } = entered;
  strand.state = state.Type;
  try {
    const outcome = await perform(state, entered);
    const output = JSON.stringify(outcome.output);
    if (isTooLarge(output)) throw tooLarge(name);
    strand.add(`${state.Type}StateExited`, { ...outputOf(output), name });
    strand.state = undefined;
    return outcome;
  } catch (error) {
    throw error instanceof StateError ? error.in(name, eventId) : error;
  }
};

/** Runs states one after the other, and answers what the last puts out. */
export const runStates = async (
  { StartAt, States: all }: States,
  input: Json,
  strand: Strand,
  resumed?: Resumption,
): Promise<Json> => {
  const stateOf = (name: string): State => {
    const state = all[name];
    if (!state) throw new StateError("States.Runtime", `The state '${name}' is not in the definition any more.`);
    return state;
  };
  const first = resumed?.name ?? StartAt;
  let state = stateOf(first);
  let entered = resumed ? { ...resumed, strand } : enter(state, first, input, strand);
  for (let steps = 1; ; steps++) {
    const { output, next } = await runState(state, entered);
    if (next === undefined) return output;
    // States that wait for nothing would keep everything else from happening.
    if (steps % stepsInARow === 0) await new Promise(setImmediate);
    state = stateOf(next);
    entered = enter(state, next, output, strand);
  }
};
