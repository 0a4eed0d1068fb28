import type { Completed, InvocationResult } from "../../contract";
import { largestPayload, payloads } from "../payloads";
import type { Reason } from "./failureRecord";
import { arrivalOf, type KinesisRecord } from "./record";
import type { StreamSettings } from "./settings";
import { judge, type Part } from "./verdict";

export interface GivenUp {
  reason: Reason;
  part: Part;
  requestId: string;
  last: Completed | undefined;
}

export interface BatchWork {
  rules: Pick<StreamSettings, "reportsFailures" | "bisects" | "retries">;
  /** What arrived before is too old. */
  horizon: () => number;
  stopped: () => boolean;
  /** Invokes the function with these. */
  invoke: (part: Part, payload: Buffer) => Promise<InvocationResult>;
  giveUp: (given: GivenUp) => Promise<void>;
  /** All records up to this one are done with. */
  advance: (record: KinesisRecord) => void;
  /** Before something is tried for the nth time again. */
  wait: (times: number) => Promise<void>;
}

const none = "";

/** Works through a batch, in order, until each of its records is done with or given up; or until it is stopped. */
export const workThrough = async (batch: readonly KinesisRecord[], work: BatchWork): Promise<void> => {
  const parts: Part[] = payloads(batch).map(({ records }) => ({ records, retries: 0, runs: 0 }));
  let waits = 0;
  let requestId = none;
  let last: Completed | undefined;

  const giveUp = async (reason: Reason, part: Part): Promise<void> => {
    await work.giveUp({ reason, part, requestId, last: part.runs > 0 ? last : undefined });
    const final = part.records.at(-1);
    if (final) work.advance(final);
  };

  /** What is left of a part once its oldest records have gone. */
  const stillFresh = async (part: Part): Promise<Part> => {
    const horizon = work.horizon();
    const fresh = part.records.findIndex((record) => arrivalOf(record) >= horizon);
    if (fresh === 0) return part;
    const old = fresh < 0 ? part.records : part.records.slice(0, fresh);
    await giveUp("RecordAgeExceeded", { ...part, records: old });
    return { ...part, records: part.records.slice(old.length) };
  };

  for (let next = parts.shift(); next && !work.stopped(); next = parts.shift()) {
    const part = await stillFresh(next);
    const [whole] = payloads(part.records);
    if (!whole) continue;
    if (whole.payload.length > largestPayload + Buffer.byteLength('{"Records":[]}')) {
      await giveUp("RetryAttemptsExhausted", part);
      continue;
    }
    const result = await work.invoke(part, whole.payload);
    requestId = result.requestId;
    if (result.kind !== "throttled") last = result;
    const { done, left, wait, lost } = judge(part, result, work.rules);
    const finished = part.records[done - 1];
    if (finished) work.advance(finished);
    if (lost) await giveUp("RetryAttemptsExhausted", lost);
    parts.unshift(...left);
    if (!wait) waits = 0;
    else await work.wait(++waits);
  }
};
