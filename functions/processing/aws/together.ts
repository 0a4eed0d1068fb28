/** What somebody asked for, until it is done. */
export interface Waiting<Asked, Done> {
  asked: Asked;
  resolve: (done: Done) => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers what is asked for side by side, and hands it on in one go: what follows from one answer to many has asked for
 * its next by the time that this turn is over.
 */
export const gathered = <Asked, Done>(
  handOn: (waiting: Waiting<Asked, Done>[]) => void,
): ((asked: Asked) => Promise<Done>) => {
  let arrived: Waiting<Asked, Done>[] = [];
  return (asked) =>
    new Promise((resolve, reject) => {
      if (arrived.length === 0) {
        setImmediate(() => {
          const waiting = arrived;
          arrived = [];
          handOn(waiting);
        });
      }
      arrived.push({ asked, resolve, reject });
    });
};

/** Puts them into as few loads as fit, in their order; one that fits no load has one of its own. */
export const loads = <One>(all: readonly One[], sizeOf: (one: One) => number, room: number): One[][] => {
  const packed: One[][] = [];
  let left = 0;
  for (const one of all) {
    const size = sizeOf(one);
    const open = packed.at(-1);
    if (open && size <= left) {
      open.push(one);
      left -= size;
    } else {
      packed.push([one]);
      left = room - size;
    }
  }
  return packed;
};
