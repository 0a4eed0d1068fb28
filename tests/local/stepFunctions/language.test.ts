import { expect } from "chai";
import * as fc from "fast-check";
import type { Json } from "../../../local/stepFunctions/language/json";
import { compilePath } from "../../../local/stepFunctions/language/path";
import { compileReferencePath, place } from "../../../local/stepFunctions/language/referencePath";
import { select } from "../../../local/stepFunctions/language/select";
import { StateError } from "../../../local/stepFunctions/language/stateError";
import { compileTemplate } from "../../../local/stepFunctions/language/template";

const at = (path: string, input: Json, context = {}): Json | undefined => select(compilePath(path), { input, context });

const tools = { random: (seed?: number) => (seed === undefined ? 0.999 : 0.5), newId: () => "an-id" };
const computed = (expression: string, input: Json = {}): Json => {
  const made = compileTemplate({ "x.$": expression })({ input, context: { Execution: { Name: "e" } } }, tools);
  return (made as { x: Json }).x;
};
const failureOf = (work: () => unknown): StateError => {
  try {
    work();
  } catch (error) {
    if (error instanceof StateError) return error;
    throw error;
  }
  throw new Error("it succeeded");
};

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);
const name = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
  fc.constantFrom("__proto__", "constructor", "a'b", "a\\b"),
);
const quoted = (text: string) => `['${text.replace(/[\\']/g, "\\$&")}']`;

describe("a JSONPath", () => {
  const store: Json = {
    limit: 2,
    books: [
      { id: 1, title: "a", tags: ["x"] },
      { id: 2, title: "b", sold: false },
      { id: 3, title: "c", sold: true, more: [{ id: 9 }] },
    ],
  };

  it("filters by any condition, also with the whole input's values", () => {
    const ids = (filter: string) => at(`$.books[?(${filter})].id`, store);
    expect(ids("@.id > $.limit")).to.deep.equal([3]);
    expect(ids("@.id >= $.limit")).to.deep.equal([2, 3]);
    expect(ids("@.id <= 1 || @.title > 'b'")).to.deep.equal([1, 3]);
    expect(ids("!(@.sold == true) && @.id != 1")).to.deep.equal([2]);
    expect(ids("!@.sold")).to.deep.equal([1]);
    expect(ids("@.sold == false")).to.deep.equal([2]);
    expect(ids('@.tags[0] == "x"')).to.deep.equal([1]);
    expect(ids("@.title < 1")).to.deep.equal([]);
    expect(ids("@.nothing == null")).to.deep.equal([]);
    expect(ids("@.id == 3.0")).to.deep.equal([3]);
  });

  it("descends, counts from the end and takes steps", () => {
    expect(at("$..id", store)).to.deep.equal([1, 2, 3, 9]);
    expect(at("$..[0].id", store)).to.deep.equal([1, 9]);
    expect(at("$.books[-1].id", store)).to.equal(3);
    expect(at("$.books[-2:].id", store)).to.deep.equal([2, 3]);
    expect(at("$.books[::2].id", store)).to.deep.equal([1, 3]);
    expect(at("$.books[0]['id','title']", store)).to.deep.equal([1, "a"]);
    expect(at("$.books[0].*", store)).to.deep.equal([1, "a", ["x"]]);
    expect(at("$.books[2].more..*", store)).to.deep.equal([{ id: 9 }, 9]);
    expect(at("$.books.id", store)).to.equal(undefined);
    expect(at("$.limit[0]", store)).to.equal(undefined);
    expect(at("$.limit.*", store)).to.deep.equal([]);
  });

  it("leads to what was put at any place, whatever its names, and to nothing that an object only inherits", () => {
    const some = fc.constantFrom("a", "b");
    const path = fc.array(fc.oneof(name, some), { minLength: 1, maxLength: 4 });
    let [found, refused] = [0, 0];
    fc.assert(
      fc.property(path, json, fc.oneof(json, fc.dictionary(some, json)), (names, value, given) => {
        const text = `$${names.map(quoted).join("")}`;
        const input = typeof given === "object" && given !== null && !Array.isArray(given) ? given : {};
        let put: Json;
        try {
          put = place(compileReferencePath(text), input, value);
        } catch (error) {
          // There was something on the way that is no object.
          expect((error as StateError).error).to.equal("States.ResultPathMatchFailure");
          refused++;
          return;
        }
        found++;
        expect(at(text, put)).to.deep.equal(value);
        expect(Object.keys(put as object)).to.include.members(Object.keys(input));
        expect(({} as Record<string, unknown>)["a"]).to.equal(undefined);
      }),
      { seed: 11 },
    );
    expect(Math.min(found, refused)).to.be.greaterThan(10);
    expect(at("$.constructor", {})).to.equal(undefined);
    expect(at("$['__proto__']", {})).to.equal(undefined);
  });

  it("puts into lists only where there is something already", () => {
    const put = (path: string, input: Json) => place(compileReferencePath(path), input, "new");
    expect(put("$.a[1].b", { a: [0, { c: 1 }] })).to.deep.equal({ a: [0, { c: 1, b: "new" }] });
    expect(put("$", { a: 1 })).to.equal("new");
    for (const [path, input] of [
      ["$.a[1]", { a: [0] }],
      ["$.a[0]", { a: {} }],
      ["$.a.b", { a: "text" }],
      ["$.a", [1]],
    ] as const) {
      const { error, reason } = failureOf(() => put(path, input as Json));
      expect([error, reason]).to.deep.equal([
        "States.ResultPathMatchFailure",
        `Unable to apply step "${path}" to input ${JSON.stringify(input)}`,
      ]);
    }
  });
});

describe("an intrinsic function", () => {
  it("takes its chance from where it is given", () => {
    expect(computed("States.UUID()")).to.equal("an-id");
    expect(computed("States.MathRandom(1, 10)")).to.equal(9);
    expect(computed("States.MathRandom(1, 11, 3)")).to.equal(6);
  });

  it("takes texts, numbers, paths into the context, and other calls", () => {
    expect(computed("States.Format('it\\'s {} of {}', $.n, $$.Execution.Name)", { n: 1.5 })).to.equal("it's 1.5 of e");
    expect(computed("States.Array( 'a' , -1e3 , States.Array() )")).to.deep.equal(["a", -1000, []]);
    expect(computed("States.MathAdd(1.5, -0.4)")).to.equal(2);
  });

  it("fails by a name of its own, and says why", () => {
    const failed = (expression: string) => {
      const { error, reason } = failureOf(() => computed(expression));
      expect(error).to.equal("States.IntrinsicFailure");
      return reason;
    };
    const had = (called: string, what: string) => `The function '${called}' had the following error: ${what}`;
    expect(failed("States.ArrayGetItem(States.Array(1), 1)")).to.equal(
      had("States.ArrayGetItem", "there is no item 1"),
    );
    expect(failed("States.Format('{} {}', 1)")).to.equal(had("States.Format", "there are 2 {} for 1 values"));
    expect(failed("States.ArrayLength('x')")).to.equal(had("States.ArrayLength", '"x" is not an array'));
    expect(failed("States.MathAdd('1', 2)")).to.equal(had("States.MathAdd", '"1" is not a number'));
    expect(failed("States.MathAdd(1)")).to.equal(had("States.MathAdd", "it takes 2 arguments, not 1"));
    expect(failed("States.MathRandom(1)")).to.equal(had("States.MathRandom", "it takes 2 to 3 arguments, not 1"));
    expect(failed("States.MathRandom(2, 1)")).to.equal(had("States.MathRandom", "the end must lie beyond the start"));
    expect(failed("States.StringToJson('{')")).to.include("had the following error: ");
    expect(failed("States.StringToJson(1)")).to.equal(had("States.StringToJson", "1 is not a string"));
    expect(failed("States.JsonMerge(1, 2, false)")).to.equal(had("States.JsonMerge", "1 is not an object"));
    expect(failed("States.JsonMerge(1, 2, true)")).to.include("it merges shallowly only");
    expect(failed("States.Hash('a', 'CRC')")).to.include("it knows MD5, SHA-1, SHA-256, SHA-384, SHA-512, not CRC");
    expect(failed("States.ArrayRange(1, 2000, 1)")).to.include("a range has 1000 items at most");
    expect(failed("States.ArrayRange(1, 2, 0)")).to.include("a range needs a step other than 0");
    expect(failed("States.ArrayPartition(States.Array(1), 0)")).to.include("a part has at least one item");
    expect(failed(`States.Base64Encode('${"x".repeat(10_001)}')`)).to.include("10000 characters at most");
    const nowhere = failureOf(() => computed("States.ArrayLength($.x)", { y: 1 }));
    expect([nowhere.error, nowhere.reason]).to.deep.equal([
      "States.Runtime",
      "The JSONPath '$.x' specified for the field 'x.$' could not be found in the input '{\"y\":1}'",
    ]);
  });

  it("reads back whatever was written as JSON, or in base 64", () => {
    fc.assert(
      fc.property(json, fc.string({ unit: "grapheme", maxLength: 50 }), (value, text) => {
        const back = computed("States.StringToJson(States.JsonToString($.value))", { value, text });
        expect(back).to.deep.equal(value);
        expect(computed("States.Base64Decode(States.Base64Encode($.text))", { value, text })).to.equal(text);
      }),
      { seed: 12 },
    );
  });
});
