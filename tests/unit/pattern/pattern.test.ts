import { expect } from "chai";
import fc from "fast-check";
import { spy } from "sinon";
import { PatternError } from "../../../functions/processing/pattern/parse";
import { compilePattern } from "../../../functions/processing/pattern/pattern";

/** Patterns as people write them, of every kind that is understood. */
const { pattern } = fc.letrec<{ pattern: string; atom: string; piece: string }>((tie) => ({
  atom: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("a", "b", "c", "A", "7", " ", "é", "-", "\\.", "\\*", "\\n") },
    { weight: 2, arbitrary: fc.constantFrom(".", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S") },
    {
      weight: 2,
      arbitrary: fc.constantFrom("[ab]", "[^a]", "[a-c]", "[A-C7]", "[^\\d]", "[-a]", "[a-]", "[\\w.]", "[^]"),
    },
    { weight: 1, arbitrary: fc.constantFrom("^", "$", "\\b", "\\B") },
    { weight: 3, arbitrary: tie("pattern").map((inner) => `(${inner})`) },
    { weight: 1, arbitrary: tie("pattern").map((inner) => `(?:${inner})`) },
  ),
  piece: fc
    .tuple(tie("atom"), fc.constantFrom("", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?", "??"))
    .map(([atom, times]) => (/^([\^$]|\\[bB])$/.test(atom) ? atom : atom + times)),
  pattern: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    fc.array(tie("piece"), { maxLength: 4 }).map((pieces) => pieces.join("")),
    fc.tuple(tie("pattern"), tie("pattern")).map((both) => both.join("|")),
  ),
}));

/** Nothing where the counts of a pattern multiply to too much. */
const compiled = (source: string) => {
  try {
    return compilePattern(source);
  } catch (error) {
    if (error instanceof PatternError && error.message.startsWith("must be a smaller pattern")) return undefined;
    throw error;
  }
};

const letters = fc.constantFrom(..."abcABC7 é-.*\nÉ_");
const text = fc.array(letters, { maxLength: 12 }).map((chosen) => chosen.join(""));

/**
 * How long a text may be for the language's own expressions, which try every way to share it out: with a group that
 * repeats without end, twelve letters took one of them minutes, and the test stood still.
 */
const longest = (source: string) => (/\)([*+]|\{1,\})/.test(source) ? 5 : 12);

describe("a pattern", () => {
  it("is found where the language's own regular expressions find it", () => {
    let found = 0;
    fc.assert(
      fc.property(pattern, fc.array(text, { maxLength: 6 }), (source, texts) => {
        const own = new RegExp(source, "iu");
        const ours = compiled(source);
        if (!ours) return;
        for (const one of texts.map((whole) => whole.slice(0, longest(source)))) {
          if (own.test(one)) found++;
          expect(ours.foundIn(one), `${source} in ${JSON.stringify(one)}`).to.equal(own.test(one));
        }
      }),
      { numRuns: 3_000 },
    );
    expect(found).to.be.greaterThan(1_000);
  });

  it("cannot be made slow by any text", () => {
    const slow = ["(a+)+$", "(a|a)*b", "(a*)*(a*)*c", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){20}"];
    expect(compilePattern("((((((){100}){100}){100}){100}){100}){100}x").foundIn("x")).to.equal(true);
    expect(compilePattern(`${"(".repeat(60)}a${")?".repeat(60)}b`).foundIn("xb")).to.equal(true);
    const startedAt = process.cpuUsage().user;
    for (const source of slow) {
      expect(compilePattern(source).foundIn(`${"a".repeat(500)}!`), source).to.equal(source === "(.*a){20}");
    }
    expect(process.cpuUsage().user - startedAt).to.be.below(3_000_000);
  });

  it("asks once what the cases of a character are, however often it is held against however large a set", () => {
    const letters = Array.from({ length: 185 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join("");
    const dear = compilePattern(`[^${letters}]{0,100}Q`);
    const lowered = spy(String.prototype, "toLowerCase");
    try {
      expect(dear.foundIn("\u13a0".repeat(500))).to.equal(false);
      expect(lowered.thisValues.filter((text) => String(text) === "\u13a0")).to.have.length(1);
    } finally {
      lowered.restore();
    }
    expect(dear.foundIn("\u13a0Q")).to.equal(true);
  });

  it("says what it may take at most: its steps, each as large as its set", () => {
    const costs = ["aldi", "[a-z0-9 ]{2,10}", "[^]", "(a|b)c"].map((source) => compilePattern(source).cost);
    expect(costs).to.deep.equal([5, 39, 2, 6]);
  });

  it("is refused where it is not understood, with the place and never the pattern itself", () => {
    const refused: Record<string, RegExp> = {
      "(secret": /character 8 there is the end, and a \( still open/,
      "secret)": /character 7 there is a \) that nothing opened/,
      "[secret": /a \[ still open/,
      "*secret": /a repetition of nothing/,
      "a**": /a repetition of a repetition/,
      "^*": /a repetition of a place/,
      "(?=secret)": /a group that looks around/,
      "(?<name>secret)": /a group that looks around, or has a name/,
      "(a)\\1": /an escape that is not known/,
      "\\p{L}": /an escape that is not known/,
      "[\\p]": /an escape that is not known/,
      "a{2": /a \{ that no count follows/,
      "a{3,2}": /a count whose end is before its beginning/,
      "a{1000}": /a count above 100/,
      "(((a{100}){100}){100}){100}": /a smaller pattern/,
      "[z-a]": /a range whose end is before its beginning/,
      "[a-\\d]": /a range that ends in a class/,
      "a]": /a bracket that nothing opened/,
      "secret\\": /a \\ with nothing after it/,
      "[secret\\": /a \\ with nothing after it/,
    };
    for (const [source, reason] of Object.entries(refused)) {
      expect(() => compilePattern(source), source).to.throw(PatternError, reason);
      expect(() => compilePattern(source)).to.throw(/^must be(?!.*secret)/);
    }
  });

  it("is read or refused, whatever it is, and ends", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.string({ maxLength: 100 }), (source, one) => {
        try {
          expect(compilePattern(source).foundIn(one)).to.be.a("boolean");
        } catch (error) {
          expect(error).to.be.instanceOf(PatternError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
