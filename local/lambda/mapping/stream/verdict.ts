import type { InvocationResult } from "../../contract";
import { failedMessages } from "../batchAnswer";
import { type KinesisRecord, sequenceOf } from "./record";
import type { StreamSettings } from "./settings";

/** Records that go into one invocation, and what was tried with them. */
export interface Part {
  records: KinesisRecord[];
  /** How often they were tried again. */
  retries: number;
  /** How often the function ran with just these, or with these and others that it is done with. */
  runs: number;
}

export interface Verdict {
  /** How many records, from the first, are done with. */
  done: number;
  /** What is yet to be done, in order. */
  left: Part[];
  /** Whether what is left has to wait before it is tried again. */
  wait: boolean;
  /** Given up. */
  lost?: Part;
}

type Rules = Pick<StreamSettings, "reportsFailures" | "bisects" | "retries">;

/** The first record at which the function failed: all of them after it are to be tried again. */
const firstFailed = (
  result: InvocationResult,
  records: readonly KinesisRecord[],
  { reportsFailures }: Rules,
): number => {
  if (result.kind !== "success") return 0;
  if (!reportsFailures) return records.length;
  const failed = failedMessages(result.payload, records.map(sequenceOf));
  const first = records.findIndex((record) => failed.has(sequenceOf(record)));
  return first < 0 ? records.length : first;
};

const halves = (records: readonly KinesisRecord[]): KinesisRecord[][] => {
  const middle = Math.ceil(records.length / 2);
  return [records.slice(0, middle), records.slice(middle)];
};

/**
 * What follows from an invocation. Cutting a batch uses up no retry; a batch that cannot be cut any smaller is tried again
 * as often as it may be, and then given up.
 */
export const judge = (part: Part, result: InvocationResult, rules: Rules): Verdict => {
  const { records, retries } = part;
  if (result.kind === "throttled") return { done: 0, left: [part], wait: true };
  const runs = part.runs + 1;
  const done = firstFailed(result, records, rules);
  if (done === records.length) return { done, left: [], wait: false };
  const rest = records.slice(done);
  if (rules.bisects && records.length > 1) {
    const parts = done > 0 ? [rest] : halves(rest);
    return { done, left: parts.map((cut) => ({ records: cut, retries, runs: 0 })), wait: false };
  }
  if (retries >= rules.retries) return { done, left: [], wait: false, lost: { records: rest, retries, runs } };
  return { done, left: [{ records: rest, retries: retries + 1, runs }], wait: true };
};
