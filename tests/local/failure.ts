/** What a call that must fail fails with. */
export const failure = (work: Promise<unknown>): Promise<Error & Record<string, unknown>> =>
  work.then(
    () => {
      throw new Error("it succeeded");
    },
    (error) => error,
  );

/** What it was refused with, in words. */
export const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "it succeeded",
    ({ name, message }: Error) => `${name}: ${message}`,
  );
