import type { Run } from "./run";

interface Waiting<Event, Done> {
  event: Event;
  run: Run;
  resolve: (done: Done) => void;
  reject: (error: unknown) => void;
}

/** As many as go together at most: a transaction has room for their marks. */
const most = 50;

/**
 * Handles events with the same key one group after another, and those that come while a group is under way together as the
 * next: side by side they would only overtake each other. What a group fails of, each of its events fails of.
 */
export const inLanes = <Event, Done>(
  keyOf: (event: Event) => string,
  handleAll: (key: string, events: readonly Event[], run: Run) => Promise<readonly Done[]>,
): ((event: Event, run: Run) => Promise<Done>) => {
  const lanes = new Map<string, Waiting<Event, Done>[]>();

  const handle = async (key: string, group: readonly Waiting<Event, Done>[]): Promise<void> => {
    const [first] = group;
    if (!first) return;
    try {
      const done = await handleAll(
        key,
        group.map(({ event }) => event),
        first.run,
      );
      for (const [at, { resolve }] of group.entries()) resolve(done[at] as Done);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };

  const drive = async (key: string, lane: Waiting<Event, Done>[]): Promise<void> => {
    // Those of a batch arrive in one go: once this turn is over, they are all here.
    await Promise.resolve();
    while (lane.length > 0) await handle(key, lane.splice(0, most));
    lanes.delete(key);
  };

  return async (event, run) => {
    const key = keyOf(event);
    return new Promise((resolve, reject) => {
      const lane = lanes.get(key);
      const one = { event, run, resolve, reject };
      if (lane) lane.push(one);
      else {
        const fresh = [one];
        lanes.set(key, fresh);
        void drive(key, fresh);
      }
    });
  };
};
