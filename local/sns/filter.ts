import type { AwsError } from "../cloud/awsError";
import { EventBridgeError } from "../eventBridge/errors";
import { compilePattern } from "../eventBridge/pattern";
import type { Filter, Publication } from "./topic";

const mostKeys = 5;
const mostCombinations = 150;

type Refuse = (reason: string) => AwsError;

interface Extent {
  keys: number;
  combinations: number;
  depth: number;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** How large a policy is by AWS's count: a key counts as many times as it has values, times its depth. */
const extentOf = (policy: Record<string, unknown>, depth = 1): Extent => {
  const total: Extent = { keys: 0, combinations: 1, depth };
  const count = ({ keys, combinations, depth: deepest }: Extent): void => {
    total.keys += keys;
    total.combinations *= combinations;
    total.depth = Math.max(total.depth, deepest);
  };
  for (const [key, value] of Object.entries(policy)) {
    if (isObject(value)) count(extentOf(value, depth + 1));
    else if (key === "$or" && Array.isArray(value)) {
      const branches = value.filter(isObject).map((branch) => extentOf(branch, depth));
      count({
        keys: branches.reduce((sum, { keys }) => sum + keys, 0),
        combinations: branches.reduce((sum, { combinations }) => sum + combinations, 0) || 1,
        depth: Math.max(depth, ...branches.map(({ depth: deepest }) => deepest)),
      });
    } else count({ keys: 1, combinations: Array.isArray(value) ? value.length * depth : 1, depth });
  }
  return total;
};

/** A value of an attribute, as filter policies compare it. */
const compared = ({ type, value }: { type: string; value: string }): unknown => {
  if (type.startsWith("Number")) return Number(value);
  if (type !== "String.Array") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

const blank = { version: "0", id: "", "detail-type": "", source: "", account: "", time: "", region: "", resources: [] };

const subject = (publication: Publication, scope: Filter["scope"]): Record<string, unknown> | undefined => {
  if (scope === "MessageAttributes") {
    return Object.fromEntries(Object.entries(publication.attributes).map(([name, one]) => [name, compared(one)]));
  }
  try {
    const body: unknown = JSON.parse(publication.message);
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
};

/** The reason alone: EventBridge says it of a pattern, with a place in it. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof EventBridgeError)) throw error;
  return error.message.replace(/^Event pattern is not valid\. Reason: /, "").replace(/ at detail\S*$/, "");
};

const parse = (text: string, refuse: Refuse): Record<string, unknown> => {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch (error) {
    throw refuse(`failed to parse JSON. ${error instanceof Error ? error.message : error}`);
  }
  if (!isObject(policy)) throw refuse("Filter is not an object");
  return policy;
};

/**
 * A subscription's filter policy; an empty one is none. Its language is that of event patterns, applied to the attributes
 * or the body.
 */
export const compileFilter = (text: string, scope: Filter["scope"], refuseAny: Refuse): Filter | undefined => {
  const refuse: Refuse = (reason) => refuseAny(`FilterPolicy: ${reason}`);
  const policy = parse(text, refuse);
  if (Object.keys(policy).length === 0) return undefined;
  const { keys, combinations, depth } = extentOf(policy);
  if (keys > mostKeys) throw refuse("Filter policy can not have more than 5 keys");
  if (combinations > mostCombinations) throw refuse("Filter policy is too complex");
  if (scope === "MessageAttributes" && depth > 1) {
    throw refuseAny("Filter policy scope MessageAttributes does not support nested filter policy");
  }
  let matches: ReturnType<typeof compilePattern>;
  try {
    matches = compilePattern(JSON.stringify({ detail: policy }));
  } catch (error) {
    throw refuse(reasonOf(error));
  }
  return {
    text,
    scope,
    accepts: (publication) => {
      const detail = subject(publication, scope);
      return detail !== undefined && matches({ ...blank, detail });
    },
  };
};
