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

/**
 * Puts them into as few loads as fit, in their order; one that fits no load has one of its own. What has several limits,
 * such as a number and bytes, has a size and a room for each.
 */
export const loads = <One>(
  all: readonly One[],
  sizesOf: (one: One) => readonly number[],
  rooms: readonly number[],
): One[][] => {
  const packed: One[][] = [];
  let left: number[] = [];
  for (const one of all) {
    const sizes = sizesOf(one);
    const open = packed.at(-1);
    const fits = sizes.every((size, at) => size <= (left[at] ?? 0));
    if (open && fits) open.push(one);
    else {
      packed.push([one]);
      left = [...rooms];
    }
    left = left.map((room, at) => room - (sizes[at] ?? 0));
  }
  return packed;
};
