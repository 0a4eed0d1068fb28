import { createHash } from "node:crypto";

/** Calls of one function in one chain of messages, after which Lambda takes the next for a loop. */
const mostCalls = 16;

const lineage = /;?Lineage=([^;]*)/;

const keyOf = (functionArn: string): string => createHash("sha256").update(functionArn).digest("hex").slice(0, 8);

/** By function, how often the chain that a trace header tells of has come by. */
const callsIn = (trace: string | undefined): Map<string, number> =>
  new Map(
    (lineage.exec(trace ?? "")?.[1] ?? "").split("|").flatMap((entry) => {
      const [key = "", calls] = entry.split(":");
      return key === "" ? [] : [[key, Number(calls)] as const];
    }),
  );

export const callsBefore = (trace: string | undefined, functionArn: string): number =>
  callsIn(trace).get(keyOf(functionArn)) ?? 0;

export const isLoop = (trace: string | undefined, functionArn: string): boolean =>
  callsBefore(trace, functionArn) >= mostCalls;

/** The trace header of a call of this function, which its messages carry on. */
export const withCall = (trace: string, functionArn: string): string => {
  const calls = callsIn(trace).set(keyOf(functionArn), callsBefore(trace, functionArn) + 1);
  const told = [...calls].map(([key, count]) => `${key}:${count}`).join("|");
  return `${trace.replace(lineage, "")};Lineage=${told}`;
};
