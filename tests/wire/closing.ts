const closers: (() => Promise<void>)[] = [];

/** Runs `close` after the last suite. */
export const atTheEnd = (close: () => Promise<void>): void => {
  closers.push(close);
};

/** Loaded by mocha before every run, so that no engine outlives the suites whichever of them were selected. */
export const mochaHooks = {
  afterAll: async (): Promise<void> => {
    await Promise.all(closers.map((close) => close()));
  },
};
