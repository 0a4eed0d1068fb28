/** What a call that must fail fails with. */
export const failure = (work: Promise<unknown>): Promise<Error & Record<string, unknown>> =>
  work.then(
    () => {
      throw new Error("it succeeded");
    },
    (error) => error,
  );
