import { createHash } from "node:crypto";
import { equal, isObject, type Json, type JsonObject } from "../json";

/** Where chance comes from. */
export interface Tools {
  /** At least 0, and less than 1. */
  random: (seed?: number) => number;
  newId: () => string;
}

type Intrinsic = (given: readonly Json[], tools: Tools) => Json;

const mostItems = 1_000;
const mostCharacters = 10_000;

const count = (given: readonly Json[], least: number, most = least): void => {
  if (given.length >= least && given.length <= most) return;
  const expected = least === most ? String(least) : `${least} to ${most}`;
  throw new Error(`it takes ${expected} arguments, not ${given.length}`);
};

const array = (value: Json | undefined): Json[] => {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is not an array`);
  return value;
};

const text = (value: Json | undefined): string => {
  if (typeof value !== "string") throw new Error(`${JSON.stringify(value)} is not a string`);
  return value;
};

const limited = (value: Json | undefined): string => {
  const read = text(value);
  if (read.length > mostCharacters) throw new Error(`a string may have ${mostCharacters} characters at most`);
  return read;
};

const object = (value: Json | undefined): JsonObject => {
  if (!isObject(value)) throw new Error(`${JSON.stringify(value)} is not an object`);
  return value;
};

/** AWS rounds what is no whole number. */
const whole = (value: Json | undefined): number => {
  if (typeof value !== "number") throw new Error(`${JSON.stringify(value)} is not a number`);
  return Math.round(value);
};

const format: Intrinsic = ([template, ...values]) => {
  const pieces = text(template).split("{}");
  if (pieces.length !== values.length + 1)
    throw new Error(`there are ${pieces.length - 1} {} for ${values.length} values`);
  const written = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));
  return pieces.map((piece, at) => (at === 0 ? piece : written(values[at - 1] ?? null) + piece)).join("");
};

const partition: Intrinsic = ([items, size]) => {
  const each = whole(size);
  if (each < 1) throw new Error("a part has at least one item");
  const all = array(items);
  return Array.from({ length: Math.ceil(all.length / each) }, (_, at) => all.slice(at * each, (at + 1) * each));
};

const range: Intrinsic = ([first, last, step]) => {
  const [from, to, by] = [whole(first), whole(last), whole(step)];
  if (by === 0) throw new Error("a range needs a step other than 0");
  const length = Math.max(0, Math.floor((to - from) / by) + 1);
  if (length > mostItems) throw new Error(`a range has ${mostItems} items at most`);
  return Array.from({ length }, (_, at) => from + at * by);
};

const itemAt: Intrinsic = ([items, index]) => {
  const found = array(items)[whole(index)];
  if (found === undefined) throw new Error(`there is no item ${JSON.stringify(index)}`);
  return found;
};

const algorithms = ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"];

const hash: Intrinsic = ([data, algorithm]) => {
  const name = text(algorithm);
  if (!algorithms.includes(name)) throw new Error(`it knows ${algorithms.join(", ")}, not ${name}`);
  const hashed = typeof data === "string" ? limited(data) : JSON.stringify(data);
  return createHash(name.replace("-", "").toLowerCase()).update(hashed).digest("hex");
};

const random: Intrinsic = ([start, end, seed], tools) => {
  const [from, to] = [whole(start), whole(end)];
  if (from >= to) throw new Error("the end must lie beyond the start");
  return from + Math.floor(tools.random(seed === undefined ? undefined : whole(seed)) * (to - from));
};

const split: Intrinsic = ([joined, separators]) => {
  const characters = new Set(limited(separators));
  const parts = [""];
  for (const character of limited(joined)) {
    if (characters.has(character)) parts.push("");
    else parts.push((parts.pop() ?? "") + character);
  }
  return parts.filter((part) => part !== "");
};

const merge: Intrinsic = ([one, other, deep]) => {
  if (deep !== false) throw new Error("it merges shallowly only: its third argument must be false");
  return { ...object(one), ...object(other) };
};

const counted =
  (least: number, most: number, run: Intrinsic): Intrinsic =>
  (given, tools) => {
    count(given, least, most);
    return run(given, tools);
  };

/** By AWS's names. */
export const functions: Readonly<Record<string, Intrinsic>> = {
  "States.Array": (given) => [...given],
  "States.ArrayContains": counted(2, 2, ([items, wanted = null]) => array(items).some((item) => equal(item, wanted))),
  "States.ArrayGetItem": counted(2, 2, itemAt),
  "States.ArrayLength": counted(1, 1, ([items]) => array(items).length),
  "States.ArrayPartition": counted(2, 2, partition),
  "States.ArrayRange": counted(3, 3, range),
  "States.ArrayUnique": counted(1, 1, ([items]) =>
    array(items).filter((item, at, all) => all.findIndex((other) => equal(item, other)) === at),
  ),
  "States.Base64Decode": counted(1, 1, ([data]) => Buffer.from(limited(data), "base64").toString("utf8")),
  "States.Base64Encode": counted(1, 1, ([data]) => Buffer.from(limited(data)).toString("base64")),
  "States.Format": counted(1, Number.POSITIVE_INFINITY, format),
  "States.Hash": counted(2, 2, hash),
  "States.JsonMerge": counted(3, 3, merge),
  "States.JsonToString": counted(1, 1, ([value = null]) => JSON.stringify(value)),
  "States.MathAdd": counted(2, 2, ([one, other]) => whole(one) + whole(other)),
  "States.MathRandom": counted(2, 3, random),
  "States.StringSplit": counted(2, 2, split),
  "States.StringToJson": counted(1, 1, ([value]) => JSON.parse(text(value)) as Json),
  "States.UUID": counted(0, 0, (_, { newId }) => newId()),
};
