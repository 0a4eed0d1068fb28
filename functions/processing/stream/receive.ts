import { classify } from "../aws/classify";
import type { Failure } from "../failure";
import { readEvent, type StreamEvent } from "./event";
import type { Arrived } from "./read/arrived";
import { parse } from "./read/parse";
import type { Stage } from "./stages";

/** An event, and the record that brought it. */
export interface Received {
  record: Arrived;
  event: StreamEvent;
}

/** A part of a record that no try can make anything of. */
export interface Refused {
  record: Arrived;
  part: Uint8Array;
  failure: Failure;
  stage: Extract<Stage, "parse" | "validate">;
}

/** Takes records apart. What is wrong with one part of one of them costs no other. */
export const receive = (records: readonly Arrived[]): { received: Received[]; refused: Refused[] } => {
  const received: Received[] = [];
  const refused: Refused[] = [];
  for (const record of records) {
    for (const part of parse(record.data)) {
      if ("failure" in part) {
        refused.push({ record, part: part.bytes, failure: part.failure, stage: "parse" });
        continue;
      }
      try {
        received.push({ record, event: readEvent(part.value, record.arrivedAt) });
      } catch (error) {
        refused.push({ record, part: part.bytes, failure: classify(error, "code"), stage: "validate" });
      }
    }
  }
  return { received, refused };
};
