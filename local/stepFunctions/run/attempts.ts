import { matches, type Retrier, waitMs } from "../language/errorRules";
import type { Json } from "../language/json";
import type { Scope } from "../language/path";
import { place } from "../language/referencePath";
import { StateError } from "../language/stateError";
import type { Attempted } from "../language/states";
import { type Entered, type Outcome, scopeOf, throughOutputPath } from "./entered";

const outputOf = (state: Attempted, { input, strand }: Entered, result: Json, { context }: Scope): Json => {
  const { ResultSelector, ResultPath } = state;
  const selected = ResultSelector ? ResultSelector({ input: result, context }, strand.around.tools) : result;
  const placed = ResultPath === null ? input : ResultPath ? place(ResultPath, input, selected) : selected;
  return throughOutputPath(state, placed, { input: placed, context });
};

const caught = ({ Catch = [] }: Attempted, { input }: Entered, error: StateError): Outcome | undefined => {
  const catcher = Catch.find((one) => matches(one, error));
  if (!catcher) return undefined;
  const said = { Error: error.error, Cause: error.reason ?? "" };
  const { ResultPath: at, Next: next } = catcher;
  return { output: at === null ? input : at ? place(at, input, said) : said, next };
};

/** Does what a state is there for: again where a retrier says so, and going on elsewhere where a catcher does. */
export const attempted = async (
  state: Attempted,
  entered: Entered,
  work: (scope: Scope) => Promise<Json>,
  gaveUp: () => void = () => {},
): Promise<Outcome> => {
  const { strand, name, eventId } = entered;
  const { clock } = strand.around.cloud;
  const used = new Map<Retrier, number>();
  for (let retryCount = 0; ; retryCount++) {
    try {
      const scope = scopeOf(state, entered, retryCount);
      return { output: outputOf(state, entered, await work(scope), scope), next: state.Next };
    } catch (thrown) {
      if (!(thrown instanceof StateError)) throw thrown;
      const error = thrown.in(name, eventId);
      const retrier = state.Retry?.find((one) => matches(one, error));
      const times = retrier ? (used.get(retrier) ?? 0) : 0;
      if (retrier && times < retrier.MaxAttempts) {
        used.set(retrier, times + 1);
        await strand.until(clock.now() + waitMs(retrier, times, strand.around.tools.random));
        strand.around.onTransition();
        continue;
      }
      gaveUp();
      const outcome = caught(state, entered, error);
      if (!outcome) throw error;
      return outcome;
    }
  }
};
