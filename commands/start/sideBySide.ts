import type { EmbeddedCloud } from "../../local/embedded";

/**
 * Lets several run on the same cloud at the same time. For as long as one of them is at work between two of its waits,
 * nobody's wait turns the clock: an address that is good for a quarter of an hour is not a day old when it is used.
 */
export const sideBySide = async <Results extends unknown[]>(
  up: EmbeddedCloud,
  ...works: { [At in keyof Results]: (up: EmbeddedCloud) => Promise<Results[At]> }
): Promise<Results> => {
  const one = async (work: (up: EmbeddedCloud) => Promise<unknown>): Promise<unknown> => {
    let end = up.cloud.activity.begin("a demonstration");
    const wait = async (until: () => Promise<void>): Promise<void> => {
      end();
      await until();
      end = up.cloud.activity.begin("a demonstration");
    };
    try {
      return await work({
        ...up,
        idle: () => wait(up.idle),
        settle: () => wait(up.settle),
        turn: (ms) => wait(() => up.turn(ms)),
      });
    } finally {
      end();
    }
  };
  return (await Promise.all(works.map(one))) as Results;
};
