import type { EmbeddedCloud } from "../../local/embedded";

/** A function of which invocations failed: by an error that it did not handle, a crash, or for want of time or memory. */
export interface Trouble {
  function: string;
  failed: number;
  invocations: number;
  /** Of the last that failed. */
  error: string;
}

type Watched = Pick<EmbeddedCloud, "services">;

export const troublesIn = ({ services }: Watched): Trouble[] =>
  Object.entries(services.lambda.stats().functions).flatMap(([name, { failed, succeeded, lastError }]) =>
    lastError === undefined ? [] : [{ function: name, failed, invocations: failed + succeeded, error: lastError }],
  );

/** What fails now and then is tried again. */
export const neverWorked = ({ failed, invocations }: Trouble): boolean => failed === invocations;

/** So often a function may fail before nobody waits for it any more: what a stream or a queue brings comes again for hours. */
const patience = 100;

/** The first function that does nothing but fail. */
export const hopeless = (up: Watched): Trouble | undefined =>
  troublesIn(up).find((trouble) => neverWorked(trouble) && trouble.failed >= patience);
