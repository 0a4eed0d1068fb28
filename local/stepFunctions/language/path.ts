import { type Filter, readFilter } from "./filter";
import type { Json, JsonObject } from "./json";
import { Scanner } from "./scanner";

export type Step =
  | { kind: "names"; names: readonly string[] }
  | { kind: "indices"; indices: readonly number[] }
  | { kind: "slice"; from: number | undefined; to: number | undefined; step: number }
  | { kind: "every" }
  | { kind: "filter"; accepts: Filter }
  | { kind: "descend" };

/** A JSONPath. */
export interface Path {
  text: string;
  /** From the state's input, or from the execution's context object. */
  root: "input" | "context";
  steps: readonly Step[];
  /** It leads to one place at most; any other gathers what it finds in an array. */
  definite: boolean;
}

/** What a path may start from. */
export interface Scope {
  input: Json;
  context: JsonObject;
}

const name = /[^\s.[\]()'",=<>!&|*?@$]+/y;
const integer = /-?\d+/y;

const number = (scanner: Scanner): number | undefined => {
  const found = scanner.match(integer);
  return found && Number(found[0]);
};

const listed = <T>(scanner: Scanner, first: T, next: () => T | undefined): T[] => {
  const items = [first];
  for (scanner.space(); scanner.take(","); scanner.space()) {
    scanner.space();
    const item = next();
    if (item === undefined) throw scanner.trouble("expected another item");
    items.push(item);
  }
  return items;
};

const inBrackets = (scanner: Scanner): Step => {
  const quoted = () => scanner.quoted("'") ?? scanner.quoted('"');
  if (scanner.take("*")) return { kind: "every" };
  if (scanner.take("?(")) {
    const accepts = readFilter(scanner, readSteps);
    scanner.expect(")");
    return { kind: "filter", accepts };
  }
  const first = quoted();
  if (first !== undefined) return { kind: "names", names: listed(scanner, first, quoted) };
  const from = number(scanner);
  if (scanner.take(":")) {
    const to = number(scanner);
    const step = scanner.take(":") ? (number(scanner) ?? 1) : 1;
    if (step < 1) throw scanner.trouble("a slice goes forward");
    return { kind: "slice", from, to, step };
  }
  if (from === undefined) throw scanner.trouble("expected a name, an index, a slice, a filter or *");
  return { kind: "indices", indices: listed(scanner, from, () => number(scanner)) };
};

const readStep = (scanner: Scanner): Step | undefined => {
  if (scanner.take("[")) {
    scanner.space();
    const step = inBrackets(scanner);
    scanner.space();
    scanner.expect("]");
    return step;
  }
  if (!scanner.take(".")) return undefined;
  if (scanner.take("*")) return { kind: "every" };
  const [found] = scanner.match(name) ?? [];
  if (found === undefined) throw scanner.trouble("expected a name");
  return { kind: "names", names: [found] };
};

/** The steps that come next, as many as there are. */
export const readSteps = (scanner: Scanner): Step[] => {
  const steps: Step[] = [];
  for (;;) {
    if (scanner.take("..")) {
      steps.push({ kind: "descend" });
      if (scanner.take("*")) steps.push({ kind: "every" });
      else {
        const [found] = scanner.match(name) ?? [];
        if (found !== undefined) steps.push({ kind: "names", names: [found] });
      }
      continue;
    }
    const step = readStep(scanner);
    if (!step) return steps;
    steps.push(step);
  }
};

const isDefinite = (step: Step): boolean =>
  (step.kind === "names" && step.names.length === 1) || (step.kind === "indices" && step.indices.length === 1);

/** The path that comes next. */
export const readPath = (scanner: Scanner): Path => {
  const { text, position } = scanner;
  scanner.expect("$");
  const root = scanner.take("$") ? "context" : "input";
  const steps = readSteps(scanner);
  if (root === "context" && steps[0]?.kind === "names" && steps[0].names.includes("Task")) {
    throw scanner.trouble("the embedded cloud does not support task tokens ($$.Task)");
  }
  return { text: text.slice(position, scanner.position), root, steps, definite: steps.every(isDefinite) };
};

export const compilePath = (text: string): Path => {
  const scanner = new Scanner(text);
  const path = readPath(scanner);
  if (!scanner.done) throw scanner.trouble("this is no part of a JSONPath");
  return path;
};
