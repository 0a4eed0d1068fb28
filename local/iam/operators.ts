import { BlockList, isIP } from "node:net";
import { compileArn, parseArn } from "./arn";
import { compileTemplate, parseTemplate, type TextTest } from "./template";

export interface Operator {
  /** It asks for a difference, and so holds where the key is not there. */
  negated: boolean;
  /** Undefined where the policy's value is none that this operator could compare. The test is of likeness always. */
  compile: (value: string) => TextTest | undefined;
}

type Compile = Operator["compile"];

const pair = (alike: string, different: string, compile: Compile): [string, Operator][] => [
  [alike, { negated: false, compile }],
  [different, { negated: true, compile }],
];

const sameText: Compile = (value) => compileTemplate(parseTemplate(value, "plain"));
const sameLetters: Compile = (value) => compileTemplate(parseTemplate(value, "plain"), "ignored");
const likeText: Compile = (value) => compileTemplate(parseTemplate(value, "wild"));

const likeArn: Compile = (value) => {
  const test = compileArn(value);
  return (actual, context) => test(parseArn(actual), context);
};

const readNumber = (text: string): number | undefined =>
  /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;

/** ISO 8601, or seconds since 1970. A time without a zone is UTC, wherever this runs. */
const readInstant = (text: string): number | undefined => {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const [, day, time = "", zone = "Z"] = /^(\d{4}-\d{2}-\d{2})(T[\d:.]+)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text) ?? [];
  const instant = day === undefined ? Number.NaN : Date.parse(time ? `${day}${time}${zone}` : day);
  return Number.isNaN(instant) ? undefined : instant;
};

type Read = (text: string) => number | undefined;

type Holds = (actual: number, wanted: number) => boolean;

const orders: Record<string, Holds> = {
  LessThan: (actual, wanted) => actual < wanted,
  LessThanEquals: (actual, wanted) => actual <= wanted,
  GreaterThan: (actual, wanted) => actual > wanted,
  GreaterThanEquals: (actual, wanted) => actual >= wanted,
};

const ordered = (family: string, read: Read): [string, Operator][] => {
  const compare =
    (holds: Holds): Compile =>
    (value) => {
      const wanted = read(value);
      if (wanted === undefined) return undefined;
      return (text) => {
        const actual = read(text);
        return actual !== undefined && holds(actual, wanted);
      };
    };
  const equal = compare((actual, wanted) => actual === wanted);
  return [
    ...pair(`${family}Equals`, `${family}NotEquals`, equal),
    ...Object.entries(orders).map(([name, holds]): [string, Operator] => [
      family + name,
      { negated: false, compile: compare(holds) },
    ]),
  ];
};

export const readBool = (text: string): boolean | undefined => {
  const lower = text.toLowerCase();
  return lower === "true" || lower === "false" ? lower === "true" : undefined;
};

const sameBool: Compile = (value) => {
  const wanted = readBool(value);
  return wanted === undefined ? undefined : (actual) => readBool(actual) === wanted;
};

const families = { 4: "ipv4", 6: "ipv6" } as const;
const familyOf = (address: string): "ipv4" | "ipv6" | undefined => families[isIP(address) as keyof typeof families];

const inRange: Compile = (value) => {
  const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
  const family = familyOf(address);
  if (!family) return undefined;
  const longest = family === "ipv4" ? 32 : 128;
  const prefix = bits === undefined ? longest : Number(bits);
  if (prefix > longest) return undefined;
  const range = new BlockList();
  range.addSubnet(address, prefix, family);
  return (actual) => {
    const actualFamily = familyOf(actual);
    return actualFamily !== undefined && range.check(actual, actualFamily);
  };
};

/** What a condition may ask of one value. `Null` asks about the key, and so is no operator of values. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ...pair("StringEquals", "StringNotEquals", sameText),
  ...pair("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", sameLetters),
  ...pair("StringLike", "StringNotLike", likeText),
  ...ordered("Numeric", readNumber),
  ...ordered("Date", readInstant),
  ["Bool", { negated: false, compile: sameBool }],
  ...pair("IpAddress", "NotIpAddress", inRange),
  ...pair("ArnEquals", "ArnNotEquals", likeArn),
  ...pair("ArnLike", "ArnNotLike", likeArn),
]);
