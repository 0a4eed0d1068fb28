import { readFileSync } from "node:fs";

export interface Memory {
  residentMb: number;
  peakMb: number;
}

const field = (status: string, name: string): number | undefined => {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  return kilobytes === undefined ? undefined : Math.ceil(Number(kilobytes) / 1_024);
};

export const parseStatus = (status: string): Memory | undefined => {
  const residentMb = field(status, "VmRSS");
  const peakMb = field(status, "VmHWM");
  return residentMb === undefined || peakMb === undefined ? undefined : { residentMb, peakMb };
};

/** What a process holds as the kernel counts it: undefined once it is gone, and where there is no /proc. */
export const memoryOf = (pid: number): Memory | undefined => {
  try {
    return parseStatus(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return undefined;
  }
};
