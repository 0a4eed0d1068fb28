import { isWord, type Node, PatternError, parsePattern } from "./parse";

type Step =
  | Extract<Node, { kind: "one" }>
  | { kind: "at"; place: "start" | "end" | "boundary" | "inside" }
  | { kind: "split"; to: readonly [number, number] }
  | { kind: "jump"; to: number }
  | { kind: "found" };

/** As many steps as a pattern may have once its counts are written out. */
export const mostSteps = 500;

const isEmpty = (node: Node): boolean => {
  if (node.kind === "sequence") return node.parts.every(isEmpty);
  if (node.kind === "either") return node.options.every(isEmpty);
  return node.kind === "repeat" && isEmpty(node.of);
};

const emit = (node: Node, steps: Step[]): void => {
  if (steps.length > mostSteps) throw new PatternError("must be a smaller pattern: its counts multiply to too much");
  switch (node.kind) {
    case "one":
    case "at":
      steps.push(node);
      return;
    case "sequence":
      for (const part of node.parts) emit(part, steps);
      return;
    case "either":
      emitEither(node.options, steps);
      return;
    case "repeat":
      emitRepeat(node, steps);
  }
};

const emitEither = ([first, ...rest]: readonly Node[], steps: Step[]): void => {
  if (!first) return;
  if (rest.length === 0) {
    emit(first, steps);
    return;
  }
  const split = steps.push({ kind: "found" }) - 1;
  emit(first, steps);
  const jump = steps.push({ kind: "found" }) - 1;
  steps[split] = { kind: "split", to: [split + 1, steps.length] };
  emitEither(rest, steps);
  steps[jump] = { kind: "jump", to: steps.length };
};

const emitRepeat = ({ of, from, to }: Extract<Node, { kind: "repeat" }>, steps: Step[]): void => {
  // What takes no step is found however often.
  if (isEmpty(of)) return;
  for (let time = 0; time < from; time++) emit(of, steps);
  if (to === Number.POSITIVE_INFINITY) {
    const split = steps.push({ kind: "found" }) - 1;
    emit(of, steps);
    steps.push({ kind: "jump", to: split });
    steps[split] = { kind: "split", to: [split + 1, steps.length] };
    return;
  }
  const splits: number[] = [];
  for (let time = from; time < to; time++) {
    splits.push(steps.push({ kind: "found" }) - 1);
    emit(of, steps);
  }
  for (const split of splits) steps[split] = { kind: "split", to: [split + 1, steps.length] };
};

export interface Pattern {
  /** Whether it is found anywhere in the text, in time that grows with the text's length alone. */
  foundIn: (text: string) => boolean;
  /** What it may take at most to look at one character: its steps, each as large as its set. */
  cost: number;
}

/**
 * A regular expression that no text can make slow. All ways in which it may match are followed at once, so that each
 * character is looked at once for each step of the pattern; nothing is ever tried again from an earlier place.
 */
export const compilePattern = (source: string): Pattern => {
  const steps: Step[] = [];
  emit(parsePattern(source), steps);
  if (steps.length > mostSteps) throw new PatternError("must be a smaller pattern: its counts multiply to too much");
  steps.push({ kind: "found" });
  const cost = steps.reduce((sum, step) => sum + (step.kind === "one" ? Math.max(1, step.members) : 1), 0);
  return { foundIn: (text) => search(steps, text), cost };
};

const search = (steps: readonly Step[], text: string): boolean => {
  const characters = [...text].map((character) => character.codePointAt(0) ?? 0);
  const wordAt = (at: number): boolean => {
    const c = characters[at];
    return c !== undefined && isWord(c);
  };
  const holds = (place: string, at: number): boolean => {
    if (place === "start") return at === 0;
    if (place === "end") return at === characters.length;
    return (wordAt(at - 1) !== wordAt(at)) === (place === "boundary");
  };
  /** Steps that wait for the character at this place. */
  let waiting: number[] = [];
  /** Of each step the last place at which it was met, counted from one. */
  const met = new Uint32Array(steps.length);
  for (let at = 0; at <= characters.length; at++) {
    const next: number[] = [];
    // It may begin anywhere.
    const reached = [...waiting, 0];
    for (let index = reached.pop(); index !== undefined; index = reached.pop()) {
      if (met[index] === at + 1) continue;
      met[index] = at + 1;
      const step = steps[index];
      if (!step || step.kind === "found") return true;
      if (step.kind === "split") reached.push(...step.to);
      else if (step.kind === "jump") reached.push(step.to);
      else if (step.kind === "at") {
        if (holds(step.place, at)) reached.push(index + 1);
      } else {
        const c = characters[at];
        if (c !== undefined && step.accepts(c)) next.push(index + 1);
      }
    }
    waiting = next;
  }
  return false;
};
