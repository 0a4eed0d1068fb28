import { invalid, unsupported } from "../refused";

/** Steps from the root of a line's JSON: names of properties and indices into arrays. */
export type Selector = readonly (string | number)[];

const step = /\.([\w-]+)|\[(\d+)\]/y;

/** Reads `$.users[0].id`. */
export const readSelector = (written: string): Selector => {
  if (!written.startsWith("$")) throw invalid(`${written} must begin with $.`);
  if (written.includes("*")) throw unsupported(`the wildcard in the selector ${written}`);
  const steps: (string | number)[] = [];
  for (step.lastIndex = 1; step.lastIndex < written.length; ) {
    const found = step.exec(written);
    if (!found) throw invalid(`${written} is not a selector such as $.users[0].id`);
    const [, name, index] = found;
    steps.push(name ?? Number(index));
  }
  if (typeof steps[0] !== "string") throw invalid(`${written} is not a selector such as $.users[0].id`);
  return steps;
};

/** What the selector leads to; undefined where it leads nowhere. */
export const select = (selector: Selector, root: unknown): unknown => {
  let value = root;
  for (const next of selector) {
    if (typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value) !== (typeof next === "number") || !Object.hasOwn(value, next)) return undefined;
    value = (value as Record<string | number, unknown>)[next];
  }
  return value;
};
