/** Why a state fails, as Retry and Catch know it. */
export class StateError extends Error {
  override name = "StateError";

  constructor(
    readonly error: string,
    readonly reason?: string,
    /** Raised by the interpreter itself: its reason is still to say in which state. */
    private readonly unplaced = false,
  ) {
    super(reason === undefined ? error : `${error}: ${reason}`);
  }

  /** The same, with the state in which it arose. */
  in(state: string, enteredEventId: number): StateError {
    if (!this.unplaced) return this;
    const place = `An error occurred while executing the state '${state}' (entered at the event id #${enteredEventId}).`;
    return new StateError(this.error, `${place} ${this.reason}`);
  }
}

/** A fault of the definition or its input, which nothing retries and only its own name catches. */
export const runtimeError = (reason: string): StateError => new StateError("States.Runtime", reason, true);

export const intrinsicFailure = (reason: string): StateError => new StateError("States.IntrinsicFailure", reason, true);

export const tooLarge = (what: string): StateError =>
  new StateError(
    "States.DataLimitExceeded",
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
