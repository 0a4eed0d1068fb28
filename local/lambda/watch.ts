import { memoryOf } from "./memory";

export interface Watch {
  /** Gives the process this much time from now, and looks at its memory every so often. */
  allow: (limitMs: number) => void;
  /** Looks at its memory now. `saidMb` is what the process says itself, for where the kernel cannot be asked. */
  look: (saidMb: number) => void;
  rest: () => void;
  peakMb: () => number;
}

interface Watched {
  pid: number | undefined;
  memoryMb: number;
  condemn: (reason: "timeout" | "memory") => void;
}

const memoryEveryMs = 100;

/** Holds a process to its time and its memory. */
export const watch = ({ pid, memoryMb, condemn }: Watched): Watch => {
  let peakMb = 0;
  let timer: NodeJS.Timeout | undefined;
  let looks: NodeJS.Timeout | undefined;

  const look = (saidMb: number) => {
    const memory = pid === undefined ? undefined : memoryOf(pid);
    peakMb = Math.max(peakMb, memory?.peakMb ?? saidMb);
    if (memory && memory.residentMb > memoryMb) condemn("memory");
  };

  return {
    allow: (limitMs) => {
      clearTimeout(timer);
      timer = setTimeout(condemn, limitMs, "timeout");
      looks ??= setInterval(look, memoryEveryMs, 0).unref();
    },
    look,
    rest: () => {
      clearTimeout(timer);
      clearInterval(looks);
      looks = undefined;
    },
    peakMb: () => peakMb,
  };
};
