import { classify } from "../../aws/classify";
import type { Failure } from "../../failure";
import { refusal } from "../refusal";
import { inflate, isCompressed } from "./inflate";
import { disaggregate, isAggregated } from "./kpl";

/** One value of JSON, or why a part of the record is none. Items of a list have no bytes of their own. */
export type Parsed = { value: unknown; bytes?: Uint8Array } | { failure: Failure; bytes: Uint8Array };

/** As it came; of an item, as it would have come by itself. */
export const bytesOf = (part: Parsed): Uint8Array =>
  "failure" in part ? part.bytes : (part.bytes ?? Buffer.from(JSON.stringify(part.value)));

/** Five times as many as the smallest events that there is room for in a record: it would take a minute to refuse them all. */
export const mostItems = 1_000_000;

/** JSON within JSON deeper than this is nobody's event, and would break whoever takes it apart. */
export const deepest = 32;

const utf8 = new TextDecoder("utf-8", { fatal: true });

const textOf = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw refusal("record", "must be UTF-8", error);
  }
};

/** Whether there are so few of them that nothing can be too deep, whatever they mean. */
const fewBrackets = (text: string): boolean => {
  let count = 0;
  for (const bracket of ["{", "["])
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1))
      if (++count > deepest) return false;
  return true;
};

/** Counts brackets, so that even what is far too deep costs no stack. */
const requireShallow = (text: string): void => {
  if (fewBrackets(text)) return;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 92) at++;
      else if (code === 34) inString = false;
    } else if (code === 34) inString = true;
    else if (code === 123 || code === 91) {
      if (++depth > deepest) throw refusal("record", `must be nested at most ${deepest} levels deep`);
    } else if (code === 125 || code === 93) depth--;
  }
};

const jsonOf = (text: string): unknown => {
  requireShallow(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refusal("record", "must be JSON", error);
  }
};

/** A record holds one event, or a list of them. */
const valuesIn = (bytes: Uint8Array): Parsed[] => {
  const value = jsonOf(textOf(isCompressed(bytes) ? inflate(bytes) : bytes));
  if (!Array.isArray(value)) return [{ value, bytes }];
  if (value.length > mostItems) throw refusal("record", `must be a list of at most ${mostItems} events`);
  return value.map((one: unknown) => ({ value: one }));
};

/** Does not throw: what cannot be read is told with the bytes that it was, and costs its neighbours nothing. */
const attempt = (bytes: Uint8Array, read: (bytes: Uint8Array) => Parsed[]): Parsed[] => {
  try {
    return read(bytes);
  } catch (error) {
    return [{ failure: classify(error, "input"), bytes }];
  }
};

/** Everything that is in the data of one record of the stream: plain, gzipped, or gathered by Kinesis's own library. */
export const parse = (data: Uint8Array): Parsed[] =>
  attempt(data, (bytes) =>
    isAggregated(bytes) ? disaggregate(bytes).flatMap((one) => attempt(one, valuesIn)) : valuesIn(bytes),
  );
