import { classify } from "../aws/classify";
import { errorKind, Failure } from "../failure";
import { readEvent, requireKnownHour, type StreamEvent } from "./event";
import type { Arrived } from "./read/arrived";
import { bytesOf, type Parsed, parse } from "./read/parse";
import type { Stage } from "./stages";

/** An event, and the record that brought it. */
export interface Received {
  record: Arrived;
  event: StreamEvent;
}

/** So many parts of a record were refused for reasons of one sort. */
interface Reason {
  stage: Extract<Stage, "parse" | "validate">;
  failure: Failure;
  parts: number;
}

/** A part of a record that no try can make anything of, or a whole record that has many of them. */
export interface Refused {
  record: Arrived;
  part: Uint8Array;
  failure: Failure;
  /** The first is that of the failure. */
  reasons: [Reason, ...Reason[]];
}

/** Of a record of which more is refused than this, one letter has all. */
export const mostLetters = 100;

/** What of one record is refused: no more of it is kept than there may be letters. */
class Refusals {
  private readonly each: Refused[] = [];
  private readonly reasons = new Map<string, Reason>();
  private parts = 0;

  constructor(private readonly record: Arrived) {}

  add(part: Parsed, stage: Reason["stage"], failure: Failure): void {
    this.parts++;
    const sort = `${stage} ${errorKind(failure)}`;
    const known = this.reasons.get(sort);
    if (known) known.parts++;
    else this.reasons.set(sort, { stage, failure, parts: 1 });
    if (this.parts > mostLetters) return;
    const { record } = this;
    this.each.push({ record, part: bytesOf(part), failure, reasons: [{ stage, failure, parts: 1 }] });
  }

  all(): Refused[] {
    const [first, ...others] = this.reasons.values();
    if (!first || this.parts <= mostLetters) return this.each;
    const { record } = this;
    const { category, origin, field, message } = first.failure;
    const text = `${this.parts} parts of the record were refused, the first of them: ${message}`;
    const failure = new Failure(category, text, { origin, ...(field !== undefined && { field }) });
    return [{ record, part: record.data, failure, reasons: [first, ...others] }];
  }
}

/** Takes records apart. What is wrong with one part of one of them costs no other. */
export const receive = (
  records: readonly Arrived[],
  now: number,
  keptMs: number,
): { received: Received[]; refused: Refused[] } => {
  const received: Received[] = [];
  const refused: Refused[] = [];
  for (const record of records) {
    const refusals = new Refusals(record);
    for (const part of parse(record.data)) {
      if ("failure" in part) {
        refusals.add(part, "parse", part.failure);
        continue;
      }
      try {
        const event = readEvent(part.value, record.arrivedAt);
        requireKnownHour(event, now, keptMs);
        received.push({ record, event });
      } catch (error) {
        refusals.add(part, "validate", classify(error, "code"));
      }
    }
    refused.push(...refusals.all());
  }
  return { received, refused };
};
