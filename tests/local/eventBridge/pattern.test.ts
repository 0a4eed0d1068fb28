import { expect } from "chai";
import fc from "fast-check";
import type { EventEnvelope } from "../../../local/eventBridge/envelope";
import { compilePattern, testPattern } from "../../../local/eventBridge/pattern";
import { eventWith } from "./samples";

type Detail = EventEnvelope["detail"];

const matches = (pattern: object, event: EventEnvelope): boolean => compilePattern(JSON.stringify(pattern))(event);
const inDetail = (pattern: object, detail: Detail): boolean => matches({ detail: pattern }, eventWith(detail));
const field = (wanted: unknown[], value: unknown): boolean => inDetail({ a: wanted }, { a: value });
const absent = (wanted: unknown[]): boolean => inDetail({ a: wanted }, { other: 1 });

const everyType = ["text", "", 0, 12.5, true, false, null];

describe("event pattern", () => {
  describe("exact values", () => {
    it("match only the same value of the same type", () => {
      for (const wanted of everyType) {
        for (const value of everyType) expect(field([wanted], value), `${wanted} ${value}`).to.equal(wanted === value);
      }
      expect(field(["5"], 5)).to.equal(false);
      expect(field([5], "5")).to.equal(false);
    });

    it("compare numbers by value, however they are written", () => {
      for (const written of ["300", "300.0", "3.0e2"]) {
        expect(compilePattern(`{"detail":{"a":[${written}]}}`)(eventWith({ a: 300 }))).to.equal(true);
      }
    });

    it("compare addresses by value, however they are written", () => {
      expect(field(["2001:db8::1"], "2001:0DB8:0:0:0:0:0:1")).to.equal(true);
      expect(field(["2001:db8::1"], "2001:db8::2")).to.equal(false);
      expect(field(["10.0.0.1", "other"], "10.0.0.1")).to.equal(true);
      expect(field(["10.0.0.1"], "10.0.0.2")).to.equal(false);
    });

    it("are alternatives within a field, and all fields must match", () => {
      const pattern = { source: ["x", "signal9.earnings"], detail: { a: [1, 2] } };
      expect(matches(pattern, eventWith({ a: 2 }))).to.equal(true);
      expect(matches(pattern, eventWith({ a: 3 }))).to.equal(false);
      expect(matches(pattern, eventWith({ a: 2 }, { source: "y" }))).to.equal(false);
    });

    it("do not find what objects inherit", () => {
      expect(inDetail({ constructor: [{ exists: true }] }, {})).to.equal(false);
      expect(inDetail({ toString: [{ exists: false }] }, {})).to.equal(true);
    });
  });

  describe("nesting", () => {
    it("follows objects", () => {
      expect(inDetail({ a: { b: { c: ["x"] } } }, { a: { b: { c: "x", d: 1 } } })).to.equal(true);
      expect(inDetail({ a: { b: { c: ["x"] } } }, { a: { b: "x" } })).to.equal(false);
      expect(inDetail({ a: ["x"] }, { a: { b: "x" } })).to.equal(false);
    });

    it("reads a dot in a key as a level, in patterns and in events", () => {
      expect(inDetail({ "state.status": ["running"] }, { state: { status: "running" } })).to.equal(true);
      expect(inDetail({ state: { status: ["running"] } }, { "state.status": "running" })).to.equal(true);
      expect(inDetail({ state: { status: ["running"] } }, { "state.status": "stopped" })).to.equal(false);
    });
  });

  describe("arrays in the event", () => {
    it("match by any element", () => {
      const pattern = { resources: ["arn:b", "arn:z"] };
      expect(matches(pattern, eventWith({}, { resources: ["arn:a", "arn:b"] }))).to.equal(true);
      expect(matches(pattern, eventWith({}, { resources: ["arn:a"] }))).to.equal(false);
      expect(field(["x"], [["y"], ["x"]])).to.equal(true);
    });

    it("are missing when empty", () => {
      expect(field([null], [])).to.equal(false);
      expect(field([{ exists: true }], [])).to.equal(false);
      expect(field([{ exists: false }], [])).to.equal(true);
    });

    it("give two fields from one element only", () => {
      const pattern = { people: { name: ["Ann"], age: [30] } };
      const apart = {
        people: [
          { name: "Ann", age: 20 },
          { name: "Bob", age: 30 },
        ],
      };
      const together = {
        people: [
          { name: "Bob", age: 1 },
          { name: "Ann", age: 30 },
        ],
      };
      expect(inDetail(pattern, apart)).to.equal(false);
      expect(inDetail(pattern, together)).to.equal(true);
    });

    it("stay consistent through several levels", () => {
      const pattern = { teams: { name: ["red"], members: { name: ["Ann"], role: ["lead"] } } };
      const team = (name: string, ...members: [string, string][]): object => ({
        name,
        members: members.map(([who, role]) => ({ name: who, role })),
      });
      expect(inDetail(pattern, { teams: [team("red", ["Ann", "lead"])] })).to.equal(true);
      expect(inDetail(pattern, { teams: [team("red", ["Bob", "lead"]), team("blue", ["Ann", "lead"])] })).to.equal(
        false,
      );
      expect(inDetail(pattern, { teams: [team("red", ["Bob", "lead"], ["Ann", "none"])] })).to.equal(false);
      expect(inDetail(pattern, { teams: [team("blue"), team("red", ["Bob", "none"], ["Ann", "lead"])] })).to.equal(
        true,
      );
    });

    it("may differ in different arrays, and plain elements go with any", () => {
      const pattern = { a: { x: [1] }, b: { y: [2] }, tags: ["t1"], others: ["o2"] };
      const event = { a: [{ x: 0 }, { x: 1 }], b: [{ y: 2 }, { y: 0 }], tags: ["t0", "t1"], others: ["o2"] };
      expect(inDetail(pattern, event)).to.equal(true);
      expect(inDetail(pattern, { ...event, b: [{ y: 3 }] })).to.equal(false);
    });

    it("stay consistent across a field that is in none", () => {
      const pattern = { l: { x: [1], y: [2], z: [3] } };
      const apart = [
        { x: 1, z: 0 },
        { x: 0, z: 3 },
      ];
      expect(inDetail(pattern, { l: apart, "l.y": 2 })).to.equal(false);
      expect(inDetail(pattern, { l: [...apart, { x: 1, z: 3 }], "l.y": 2 })).to.equal(true);
    });

    it("let `exists: false` look at the chosen element alone", () => {
      const pattern = { list: { a: [1], b: [{ exists: false }] } };
      expect(inDetail(pattern, { list: [{ a: 1 }, { a: 2, b: 3 }] })).to.equal(true);
      expect(inDetail(pattern, { list: [{ a: 1, b: 3 }, { a: 2 }] })).to.equal(false);
    });

    it("agree with a search of all elements", () => {
      const bit = fc.integer({ min: 0, max: 2 });
      const element = fc.record({ a: bit, b: bit, c: fc.record({ d: bit }) }, { requiredKeys: [] });
      fc.assert(
        fc.property(fc.array(element, { maxLength: 4 }), bit, bit, bit, (list, a, b, d) => {
          const pattern = { list: { a: [a], b: [b], c: { d: [d] } } };
          const expected = list.some((one) => one.a === a && one.b === b && one.c?.d === d);
          expect(inDetail(pattern, { list })).to.equal(expected);
        }),
        { numRuns: 300 },
      );
    });
  });

  describe("exists", () => {
    it("asks for a leaf", () => {
      for (const value of everyType) {
        expect(field([{ exists: true }], value)).to.equal(true);
        expect(field([{ exists: false }], value)).to.equal(false);
      }
      for (const value of [{}, { b: 1 }]) {
        expect(field([{ exists: true }], value)).to.equal(false);
        expect(field([{ exists: false }], value)).to.equal(true);
      }
      expect(absent([{ exists: true }])).to.equal(false);
      expect(absent([{ exists: false }])).to.equal(true);
    });

    it("can be one of several alternatives", () => {
      const wanted = [{ exists: false }, "x"];
      expect(absent(wanted)).to.equal(true);
      expect(field(wanted, "x")).to.equal(true);
      expect(field(wanted, "y")).to.equal(false);
    });
  });

  describe("text", () => {
    it("prefix and suffix compare the ends of strings", () => {
      expect(field([{ prefix: "us-" }], "us-east-1")).to.equal(true);
      expect(field([{ prefix: "us-" }], "eu-us-1")).to.equal(false);
      expect(field([{ suffix: ".png" }], "a.png")).to.equal(true);
      expect(field([{ suffix: ".png" }], "a.PNG")).to.equal(false);
      expect(field([{ prefix: "1" }], 12)).to.equal(false);
      expect(field([{ prefix: "" }], "anything")).to.equal(true);
    });

    it("ignores case where asked to", () => {
      expect(field([{ "equals-ignore-case": "aLicE" }], "AlIce")).to.equal(true);
      expect(field([{ "equals-ignore-case": "alice" }], "alicia")).to.equal(false);
      expect(field([{ prefix: { "equals-ignore-case": "EVENTb" } }], "eventBridge")).to.equal(true);
      expect(field([{ prefix: { "equals-ignore-case": "EVENTb" } }], "an eventBridge")).to.equal(false);
      expect(field([{ suffix: { "equals-ignore-case": ".PNG" } }], "a.png")).to.equal(true);
      expect(field([{ suffix: { "equals-ignore-case": ".PNG" } }], "a.png.txt")).to.equal(false);
    });

    it("wildcard takes any text for a star", () => {
      const cases: [string, string, boolean][] = [
        ["*", "", true],
        ["a*", "a", true],
        ["a*a", "a", false],
        ["a*a", "aa", true],
        ["*/bin/*.jar", "x/bin/y/z.jar", true],
        ["*/bin/*.jar", "x/bin.jar", false],
        ["a*b*b", "ab", false],
        ["a*b*c", "a.c", false],
        ["plain", "plain", true],
        ["plain", "plainer", false],
        ["5\\*3", "5*3", true],
        ["5\\*3", "5x3", false],
        ["c:\\\\*", "c:\\dir", true],
      ];
      for (const [wildcard, value, expected] of cases) {
        expect(field([{ wildcard }], value), `${wildcard} ${value}`).to.equal(expected);
      }
      expect(field([{ wildcard: "*" }], 5)).to.equal(false);
    });

    it("wildcard agrees with a regular expression", () => {
      const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
      const pieces = fc.array(fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 2 }), {
        maxLength: 4,
      });
      fc.assert(
        fc.property(pieces, text, (parts, value) => {
          const wildcard = parts.join("*");
          expect(field([{ wildcard }], value)).to.equal(new RegExp(`^${parts.join(".*")}$`).test(value));
        }),
        { numRuns: 500 },
      );
    });
  });

  describe("anything-but", () => {
    it("matches leaves that are there and not listed", () => {
      expect(field([{ "anything-but": "x" }], "y")).to.equal(true);
      expect(field([{ "anything-but": "x" }], "x")).to.equal(false);
      expect(field([{ "anything-but": ["x", "y"] }], "y")).to.equal(false);
      expect(field([{ "anything-but": [100, 200] }], 200)).to.equal(false);
      expect(field([{ "anything-but": 0 }], 1)).to.equal(true);
      expect(absent([{ "anything-but": "x" }])).to.equal(false);
    });

    it("counts values of another type as different", () => {
      for (const value of [5, null, true]) {
        expect(field([{ "anything-but": "x" }], value)).to.equal(true);
        expect(field([{ "anything-but": { prefix: "5" } }], value)).to.equal(true);
      }
      expect(field([{ "anything-but": 5 }], "5")).to.equal(true);
    });

    it("negates prefix, suffix, wildcard and equals-ignore-case, alone and in lists", () => {
      const cases: [object, string, string][] = [
        [{ prefix: "in" }, "initial", "done"],
        [{ prefix: ["in", "st"] }, "stopped", "done"],
        [{ suffix: ".txt" }, "a.txt", "a.png"],
        [{ suffix: [".txt", ".rtf"] }, "a.rtf", "a.png"],
        [{ wildcard: "*/lib/*" }, "a/lib/b", "a/bin/b"],
        [{ wildcard: ["*/lib/*", "*.so"] }, "a.so", "a/bin/b"],
        [{ "equals-ignore-case": "Done" }, "dONE", "doing"],
        [{ "equals-ignore-case": ["Done", "Over"] }, "OVER", "doing"],
      ];
      for (const [inner, refused, accepted] of cases) {
        expect(field([{ "anything-but": inner }], refused), refused).to.equal(false);
        expect(field([{ "anything-but": inner }], accepted), accepted).to.equal(true);
      }
    });

    it("matches an array with any other element", () => {
      expect(field([{ "anything-but": "x" }], ["x", "y"])).to.equal(true);
      expect(field([{ "anything-but": "x" }], ["x"])).to.equal(false);
    });
  });

  describe("numeric", () => {
    it("knows every operator and ranges", () => {
      const accepted: [unknown[], number[], number[]][] = [
        [["=", 3.018e2], [301.8], [301, 302]],
        [
          ["<", 10],
          [9.999999, -5],
          [10, 11],
        ],
        [["<=", 10], [10], [10.000001]],
        [[">", 0], [0.000001], [0, -1]],
        [[">=", 0], [0], [-0.000001]],
        [
          [">", 0, "<=", 5],
          [1, 5],
          [0, 6],
        ],
        [[">=", 0, "<", 5], [0, 4.5], [5]],
      ];
      for (const [numeric, inside, outside] of accepted) {
        for (const value of inside) expect(field([{ numeric }], value), `${numeric} ${value}`).to.equal(true);
        for (const value of outside) expect(field([{ numeric }], value), `${numeric} ${value}`).to.equal(false);
      }
    });

    it("never matches other types, nor numbers EventBridge cannot compare", () => {
      for (const value of ["1", null, true, 6e9, 1.1234567]) {
        expect(field([{ numeric: [">", 0] }], value), String(value)).to.equal(false);
      }
    });
  });

  describe("cidr", () => {
    it("takes the addresses of a network, in both versions", () => {
      expect(field([{ cidr: "10.0.0.0/24" }], "10.0.0.255")).to.equal(true);
      expect(field([{ cidr: "10.0.0.77/24" }], "10.0.0.1")).to.equal(true);
      expect(field([{ cidr: "10.0.0.0/24" }], "10.0.1.0")).to.equal(false);
      expect(field([{ cidr: "2001:db8::/32" }], "2001:db8:ffff::1")).to.equal(true);
      expect(field([{ cidr: "2001:db8::/32" }], "2001:db9::1")).to.equal(false);
      expect(field([{ cidr: "0.0.0.0/0" }], "::1")).to.equal(false);
      for (const value of ["10.0.0", "10.0.0.300", "::ffff:10.0.0.1", 10]) {
        expect(field([{ cidr: "10.0.0.0/24" }], value), String(value)).to.equal(false);
      }
    });
  });

  describe("$or", () => {
    it("needs one branch besides the other fields", () => {
      const pattern = { source: ["signal9.earnings"], detail: { $or: [{ a: [1] }, { b: [2], c: [3] }] } };
      expect(matches(pattern, eventWith({ a: 1 }))).to.equal(true);
      expect(matches(pattern, eventWith({ b: 2, c: 3 }))).to.equal(true);
      expect(matches(pattern, eventWith({ b: 2 }))).to.equal(false);
      expect(matches(pattern, eventWith({ a: 1 }, { source: "x" }))).to.equal(false);
    });

    it("nests, and stands beside another in a different object", () => {
      const pattern = { $or: [{ source: ["x"] }, { source: ["y"], $or: [{ region: ["r1"] }, { region: ["r2"] }] }] };
      expect(matches(pattern, eventWith({}, { source: "y", region: "r2" }))).to.equal(true);
      expect(matches(pattern, eventWith({}, { source: "y", region: "r3" }))).to.equal(false);
      const beside = { $or: [{ source: ["x"] }, { source: ["y"] }], detail: { $or: [{ a: [1] }, { b: [1] }] } };
      expect(matches(beside, eventWith({ b: 1 }, { source: "y" }))).to.equal(true);
      expect(matches(beside, eventWith({ b: 1 }))).to.equal(false);
    });

    it("lets a branch replace what was asked of the same path", () => {
      const pattern = { a: [1], $or: [{ a: [2] }, { b: [3] }] };
      expect(inDetail(pattern, { a: 2 })).to.equal(true);
      expect(inDetail(pattern, { a: 1, b: 3 })).to.equal(true);
      expect(inDetail(pattern, { a: 1 })).to.equal(false);
    });
  });
});

describe("invalid event pattern", () => {
  const refusals: [object, string][] = [
    [{ source: "x" }, '"source" must be an object or an array at source'],
    [{ detail: { a: { b: 5 } } }, '"b" must be an object or an array at detail.a.b'],
    [{}, "Empty objects are not allowed"],
    [{ detail: {} }, "Empty objects are not allowed at detail"],
    [{ resources: [] }, "Empty arrays are not allowed at resources"],
    [{ a: [["x"]] }, "Match value must be String, number, true, false, or null at a[0]"],
    [{ a: ["x", {}] }, "Match expression name not found at a[1]"],
    [{ a: [{ EXISTS: true }] }, "Unrecognized match type EXISTS at a[0]"],
    [{ a: [{ constructor: 1 }] }, "Unrecognized match type constructor at a[0]"],
    [{ a: [{ prefix: "x", suffix: "y" }] }, "Only one key allowed in match expression at a[0]"],
    [{ a: [{ prefix: 1 }] }, "prefix match pattern must be a string at a[0]"],
    [{ a: [{ prefix: {} }] }, "Prefix expression name not found at a[0]"],
    [{ a: [{ prefix: { suffix: "x" } }] }, "Unsupported prefix pattern: suffix at a[0]"],
    [{ a: [{ prefix: { "equals-ignore-case": 1 } }] }, "equals-ignore-case match pattern must be a string at a[0]"],
    [{ a: [{ suffix: [".png"] }] }, "suffix match pattern must be a string at a[0]"],
    [{ a: [{ suffix: {} }] }, "Suffix expression name not found at a[0]"],
    [{ a: [{ "equals-ignore-case": ["x"] }] }, "equals-ignore-case match pattern must be a string at a[0]"],
    [{ a: [{ wildcard: 1 }] }, "wildcard match pattern must be a string at a[0]"],
    [{ a: [{ wildcard: "é**" }] }, "Consecutive wildcard characters at pos 3 at a[0]"],
    [{ a: [{ wildcard: "a\\b" }] }, "Invalid escape character at pos 2 at a[0]"],
    [{ a: [{ exists: "true" }] }, "exists match pattern must be either true or false. at a[0]"],
    [{ a: [{ cidr: 1 }] }, "prefix match pattern must be a string at a[0]"],
    [{ a: [{ cidr: "10.0.0.0" }] }, "Malformed CIDR, one '/' required at a[0]"],
    [{ a: [{ cidr: "10.0.0.0/x" }] }, "Malformed CIDR, mask bits must be an integer at a[0]"],
    [{ a: [{ cidr: "10.0.0.0/-1" }] }, "Malformed CIDR, mask bits must not be negative at a[0]"],
    [{ a: [{ cidr: "xx.11/8" }] }, "Nonstandard IP address: xx.11 at a[0]"],
    [{ a: [{ cidr: "10.0.0.0/32" }] }, "IPv4 mask bits must be < 32 at a[0]"],
    [{ a: [{ cidr: "::/128" }] }, "IPv6 mask bits must be < 128 at a[0]"],
    [{ a: [{ numeric: 5 }] }, "Value of numeric must be an array. at a[0]"],
    [{ a: [{ numeric: [] }] }, "Invalid member in numeric match: null at a[0]"],
    [{ a: [{ numeric: ["!=", 5] }] }, "Unrecognized numeric range operator: != at a[0]"],
    [{ a: [{ numeric: ["=", "5"] }] }, "Value of equals must be numeric at a[0]"],
    [{ a: [{ numeric: ["<", 5, ">", 0] }] }, "Too many elements in numeric expression at a[0]"],
    [{ a: [{ numeric: [">", "x"] }] }, "Value of > must be numeric at a[0]"],
    [{ a: [{ numeric: [">", 0, 5] }] }, "Bad value in numeric range: 5 at a[0]"],
    [{ a: [{ numeric: [">", 0, ">", 5] }] }, "Bad numeric range operator: > at a[0]"],
    [{ a: [{ numeric: [">", 0, "<"] }] }, "Value of < must be numeric at a[0]"],
    [{ a: [{ numeric: [">", 0, "<", 5, 6] }] }, "Too many terms in numeric range expression at a[0]"],
    [{ a: [{ numeric: [">", 5, "<", 5] }] }, "Bottom must be less than top at a[0]"],
    [{ a: [{ numeric: [">", 5.1e9] }] }, "Value must be between -5.0E9 and 5.0E9, inclusive at a[0]"],
    [{ a: [{ numeric: [">", 0.1234567] }] }, "Only values upto 6 decimals are supported: 0.1234567 at a[0]"],
    [
      { a: [{ "anything-but": true }] },
      "Value of anything-but must be an array or single string/number value. at a[0]",
    ],
    [{ a: [{ "anything-but": [null] }] }, "Inside anything-but list, start|null|boolean is not supported. at a[0]"],
    [
      { a: [{ "anything-but": ["x", 1] }] },
      "Inside anything-but list, either all values are number or string, mixed type is not supported at a[0]",
    ],
    [
      { a: [{ "anything-but": [] }] },
      "Inside anything-but list, either all values are number or string, mixed type is not supported at a[0]",
    ],
    [{ a: [{ "anything-but": {} }] }, "Anything-But expression name not found at a[0]"],
    [{ a: [{ "anything-but": { numeric: ["=", 1] } }] }, "Unsupported anything-but pattern: numeric at a[0]"],
    [{ a: [{ "anything-but": { prefix: "" } }] }, "Null prefix/suffix not allowed at a[0]"],
    [{ a: [{ "anything-but": { suffix: 1 } }] }, "prefix/suffix match pattern must be a string at a[0]"],
    [{ a: [{ "anything-but": { wildcard: [1] } }] }, "wildcard match pattern must be a string at a[0]"],
    [{ a: [{ "anything-but": { suffix: [] } }] }, "Empty list in anything-but suffix is not allowed at a[0]"],
    [
      { a: [{ "anything-but": { "equals-ignore-case": [1] } }] },
      "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported. at a[0]",
    ],
    [
      { a: [{ "anything-but": { prefix: { "equals-ignore-case": "x" } } }] },
      "Value of anything-but must be an array or single string/number value. at a[0]",
    ],
    [{ $or: { a: [1] } }, "It must be an Array followed with $or. at $or"],
    [{ detail: { $or: [{ a: [1] }] } }, "There must have at least 2 Objects in $or relationship. at detail.$or"],
    [{ $or: [{ a: [1] }, 5] }, "Only JSON object is allowed in array of $or relationship. at $or[1]"],
    [
      { $or: [{ a: { prefix: ["x"] } }, { b: [1] }] },
      "prefix is Ruler reserved fieldName which cannot be used inside $or. at a.prefix",
    ],
    [
      { $or: [{ regex: ["x"] }, { b: [1] }] },
      "regex is Ruler reserved fieldName which cannot be used inside $or. at regex",
    ],
  ];
  for (const [pattern, reason] of refusals) {
    it(`${JSON.stringify(pattern)}: ${reason}`, () => {
      const compile = () => compilePattern(JSON.stringify(pattern));
      expect(compile).to.throw(Error).with.property("message", `Event pattern is not valid. Reason: ${reason}`);
      expect(compile).to.throw(Error).with.property("code", "InvalidEventPatternException");
    });
  }

  it("names what is not JSON or no object", () => {
    expect(() => compilePattern("{a")).to.throw(/^Event pattern is not valid\. Reason: Invalid JSON: ./);
    expect(() => compilePattern("[]")).to.throw("Event pattern is not valid. Reason: Filter is not an object");
  });

  it("refuses more combinations of $or than EventBridge takes", () => {
    const branches = (name: string) => Array.from({ length: 32 }, (_, index) => ({ [name]: [index] }));
    const pattern = { x: { $or: branches("a") }, y: { $or: branches("b") } };
    expect(() => compilePattern(JSON.stringify(pattern))).to.throw("$or makes 1024 combinations, the limit is 1000");
  });
});

describe("testPattern", () => {
  const event = eventWith({ a: 1 });

  it("answers whether the event matches", () => {
    expect(testPattern('{"detail":{"a":[1]}}', JSON.stringify(event))).to.equal(true);
    expect(testPattern('{"detail":{"a":[2]}}', JSON.stringify(event))).to.equal(false);
  });

  it("refuses an event that is no JSON object", () => {
    for (const text of ["text", "[1]"]) {
      expect(() => testPattern('{"source":["x"]}', text)).to.throw("Parameter Event is not valid.");
    }
  });

  it("names the mandatory fields that an event lacks", () => {
    const { id: _, resources: __, ...rest } = event;
    expect(() => testPattern('{"source":["x"]}', JSON.stringify(rest))).to.throw(
      "Parameter Event is not valid. Reason: id, resources must be given.",
    );
  });
});
