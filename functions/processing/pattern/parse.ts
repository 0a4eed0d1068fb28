/** What a pattern is made of. */
export type Node =
  /** One character; `members` says of how many characters, classes and ranges its set is made. */
  | { kind: "one"; accepts: (codePoint: number) => boolean; members: number }
  | { kind: "at"; place: "start" | "end" | "boundary" | "inside" }
  | { kind: "sequence"; parts: readonly Node[] }
  | { kind: "either"; options: readonly Node[] }
  | { kind: "repeat"; of: Node; from: number; to: number };

/** A pattern that is not understood, with the place of what is wrong; it never repeats the pattern. */
export class PatternError extends Error {
  override name = "PatternError";
}

/** Gives the answer of before to a character that was asked about before. */
const remembering = <Answer>(answerOf: (c: number) => Answer, most = 1_000): ((c: number) => Answer) => {
  const known = new Map<number, Answer>();
  return (c) => {
    const before = known.get(c);
    if (before !== undefined) return before;
    if (known.size === most) known.clear();
    const answer = answerOf(c);
    known.set(c, answer);
    return answer;
  };
};

/** A set of this many members is worth a memory; it is small, since somebody's rules may have thousands of sets. */
const [worthRemembering, rememberedOfSet] = [8, 64];

const code = (character: string): number => character.codePointAt(0) ?? 0;

const isDigit = (c: number): boolean => c >= 48 && c <= 57;
export const isWord = (c: number): boolean => isDigit(c) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
const isSpace = remembering((c) => /\s/u.test(String.fromCodePoint(c)));

const classes: Record<string, (c: number) => boolean> = {
  d: isDigit,
  D: (c) => !isDigit(c),
  w: isWord,
  W: (c) => !isWord(c),
  s: isSpace,
  S: (c) => !isSpace(c),
};

const controls: Record<string, number> = { t: 9, n: 10, r: 13, f: 12, v: 11 };
const lineEnds = new Set([10, 13, 0x2028, 0x2029]);
const largestCount = 100;

/** A character in all its cases. */
const cases = remembering((c): number[] => {
  const text = String.fromCodePoint(c);
  return [c, ...[text.toLowerCase(), text.toUpperCase()].filter((other) => [...other].length === 1).map(code)];
});

const one = (accepts: (c: number) => boolean, members = 1): Node => ({ kind: "one", accepts, members });

/**
 * Reads the subset of regular expressions that can be searched for in one pass over the text: no references back, no
 * looking around. What is outside of it is refused by name.
 */
export const parsePattern = (pattern: string): Node => new Parser([...pattern]).whole();

class Parser {
  private at = 0;

  constructor(private readonly characters: readonly string[]) {}

  whole(): Node {
    const node = this.either();
    if (this.at < this.characters.length) this.fail("a ) that nothing opened");
    return node;
  }

  private fail(what: string): never {
    throw new PatternError(`must be a pattern that is understood here: at character ${this.at + 1} there is ${what}`);
  }

  private peek(): string | undefined {
    return this.characters[this.at];
  }

  private take(wanted?: string): string | undefined {
    const next = this.characters[this.at];
    if (next === undefined || (wanted !== undefined && next !== wanted)) return undefined;
    this.at++;
    return next;
  }

  private either(): Node {
    const options = [this.sequence()];
    while (this.take("|")) options.push(this.sequence());
    const [only] = options;
    return options.length === 1 && only ? only : { kind: "either", options };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    for (let next = this.peek(); next !== undefined && next !== "|" && next !== ")"; next = this.peek()) {
      parts.push(this.repeated());
    }
    return { kind: "sequence", parts };
  }

  private repeated(): Node {
    const of = this.atom();
    const times = this.times();
    if (!times) return of;
    if (of.kind === "at") this.fail("a repetition of a place");
    // How eagerly it is repeated makes no difference to whether it is found.
    this.take("?");
    if (["*", "+"].includes(this.peek() ?? "")) this.fail("a repetition of a repetition");
    return { kind: "repeat", of, ...times };
  }

  private times(): { from: number; to: number } | undefined {
    if (this.take("*")) return { from: 0, to: Number.POSITIVE_INFINITY };
    if (this.take("+")) return { from: 1, to: Number.POSITIVE_INFINITY };
    if (this.take("?")) return { from: 0, to: 1 };
    if (!this.take("{")) return undefined;
    const [, text = "", from = "", comma, to = ""] =
      /^((\d{1,4})(,)?(\d{0,4})\})/.exec(this.characters.slice(this.at, this.at + 11).join("")) ?? [];
    if (text === "") this.fail("a { that no count follows; write \\{ for the character");
    this.at += text.length;
    const least = Number(from);
    const most = comma === undefined ? least : to === "" ? Number.POSITIVE_INFINITY : Number(to);
    if (least > most) this.fail("a count whose end is before its beginning");
    if (least > largestCount || (most !== Number.POSITIVE_INFINITY && most > largestCount)) {
      this.fail(`a count above ${largestCount}`);
    }
    return { from: least, to: most };
  }

  private atom(): Node {
    const next = this.take();
    switch (next) {
      case "(":
        return this.group();
      case "[":
        return this.set();
      case ".":
        return one((c) => !lineEnds.has(c));
      case "^":
        return { kind: "at", place: "start" };
      case "$":
        return { kind: "at", place: "end" };
      case "\\":
        return this.escape();
      case "*":
      case "+":
      case "?":
      case "{":
        return this.fail("a repetition of nothing");
      case "]":
      case "}":
        return this.fail("a bracket that nothing opened; write a \\ before it for the character");
      default:
        return one(this.literal(code(next ?? "")));
    }
  }

  private literal(wanted: number): (c: number) => boolean {
    const accepted = new Set(cases(wanted));
    return (c) => accepted.has(c) || cases(c).some((same) => accepted.has(same));
  }

  private group(): Node {
    if (this.take("?") && !this.take(":")) this.fail("a group that looks around, or has a name or flags");
    const inner = this.either();
    if (!this.take(")")) this.fail("the end, and a ( still open");
    return inner;
  }

  private escape(): Node {
    const next = this.take();
    if (next === "b") return { kind: "at", place: "boundary" };
    if (next === "B") return { kind: "at", place: "inside" };
    return one(this.escaped(next));
  }

  private escaped(next: string | undefined): (c: number) => boolean {
    if (next === undefined) this.fail("a \\ with nothing after it");
    const known = classes[next];
    if (known) return known;
    const wanted =
      controls[next] ?? (/[A-Za-z0-9]/.test(next) ? this.fail("an escape that is not known here") : code(next));
    return this.literal(wanted);
  }

  private set(): Node {
    const negated = this.take("^") !== undefined;
    const members: ((c: number) => boolean)[] = [];
    while (!this.take("]")) members.push(this.member());
    const accepts = (c: number) => cases(c).some((same) => members.some((member) => member(same))) !== negated;
    const large = members.length >= worthRemembering;
    return one(large ? remembering(accepts, rememberedOfSet) : accepts, members.length);
  }

  /** A character, a class, or a range of characters. */
  private member(): (c: number) => boolean {
    const from = this.single();
    if (typeof from === "function") return from;
    if (this.peek() !== "-" || this.characters[this.at + 1] === "]") return (c) => c === from;
    this.take("-");
    const to = this.single();
    if (typeof to === "function") this.fail("a range that ends in a class");
    if (to < from) this.fail("a range whose end is before its beginning");
    return (c) => c >= from && c <= to;
  }

  private single(): number | ((c: number) => boolean) {
    const next = this.take();
    if (next === undefined) this.fail("the end, and a [ still open");
    if (next !== "\\") return code(next);
    const escaped = this.take();
    if (escaped === undefined) this.fail("a \\ with nothing after it");
    const known = classes[escaped];
    if (known) return known;
    if (controls[escaped] === undefined && /[A-Za-z0-9]/.test(escaped)) this.fail("an escape that is not known here");
    return controls[escaped] ?? code(escaped);
  }
}
