import type { Context } from "./context";
import { PolicyError } from "./errors";
import { compileTemplate, cutAtColons, endsWithStar, parseTemplate } from "./template";

const segmentCount = 6;

/** An ARN, or the `*` of an action that knows no resources. */
export interface Arn {
  text: string;
  /** partition, service, region and account have no colons; the resource, which is last, may. */
  segments: readonly string[];
}

export type ArnTest = (arn: Arn, context: Context) => boolean;

const joinFrom = (segments: readonly string[], first: number): string[] => [
  ...segments.slice(0, first),
  segments.slice(first).join(":"),
];

export const parseArn = (text: string): Arn => {
  const parts = text.split(":");
  return { text, segments: parts.length > segmentCount ? joinFrom(parts, segmentCount - 1) : parts };
};

/**
 * A wildcard stays within its segment; within the resource it crosses slashes and colons. Only a star that ends a
 * pattern of fewer segments takes all the others.
 */
export const compileArn = (text: string): ArnTest => {
  if (text === "*") return () => true;
  const template = parseTemplate(text, "wild");
  const segments = cutAtColons(template, segmentCount);
  const short = segments.length < segmentCount;
  if (!text.startsWith("arn:") || segments.length < 3 || (short && !endsWithStar(template))) {
    throw new PolicyError("malformed", `${text} must be in ARN format or "*"`);
  }
  if (!/[*?]|\$\{/.test(text)) return (arn) => arn.text === text;
  const tests = segments.map((segment) => compileTemplate(segment));
  return (arn, context) => {
    if (arn.segments.length !== segmentCount) return false;
    const parts = short ? joinFrom(arn.segments, tests.length - 1) : arn.segments;
    return tests.every((test, at) => test(parts[at] ?? "", context));
  };
};
