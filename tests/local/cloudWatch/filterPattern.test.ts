import { expect } from "chai";
import { filterPattern } from "../../../local/cloudWatch/filterPattern";
import { logLine } from "../../../local/cloudWatch/logLine";
import { Refused } from "../../../local/cloudWatch/refused";

const matches = (pattern: string, text: string): boolean => filterPattern(pattern)(logLine(text));

const order = JSON.stringify({
  type: "order.placed",
  user: { id: 1, email: "ann@example.org", "first-name": "Ann" },
  users: [{ id: 2 }, { id: 3, tags: ["a", "b"] }],
  grid: [
    [0, 1],
    [2, 3],
  ],
  total: 12.5,
  code: "404",
  agent: 'say "hi"',
  paid: true,
  sent: false,
  note: null,
});

const jsonCases: [pattern: string, expected: boolean][] = [
  ['{ $.type = "order.placed" }', true],
  ['{$.type="order.*"}', true],
  ["{ $.type = *placed }", true],
  ["{ $.type = o*d }", true],
  ['{ $.type = "order" }', false],
  ['{ $.type != "order" }', true],
  ['{ $.agent = "say \\"hi\\"" }', true],
  ["{ $.user.first-name = Ann }", true],
  ["{ $.user.id = 1 }", true],
  ["{ $.user.id = 1.0 }", true],
  ["{ $.user.id != 1 }", false],
  ['{ $.user.id = "1" }', true],
  ["{ $.code = 404 }", true],
  ["{ $.total = * }", true],
  ["{ $.total > 12 && $.total < +13 }", true],
  ["{ $.total >= 1.25e1 }", true],
  ["{ $.total <= 12 }", false],
  ["{ $.total > -1 }", true],
  ["{ $.code > 1 }", false],
  ["{ $.users[1].id = 3 }", true],
  ["{ $.users[1].tags[0] = a }", true],
  ["{ $.users[2].id = 3 }", false],
  ["{ $.grid[1][0] = 2 }", true],
  ["{ $.users = 1 }", false],
  ["{ $.users != 1 }", false],
  ["{ $.users.id = 2 }", false],
  ["{ $.user[0] = 2 }", false],
  ["{ $.missing != 1 }", false],
  ["{ $.type.length = 12 }", false],
  ["{ $.note IS NULL }", true],
  ["{ $.missing IS NULL }", false],
  ["{ $.missing NOT EXISTS }", true],
  ["{ $.note NOT EXISTS }", false],
  ["{ $.toString NOT EXISTS }", true],
  ["{ $.paid IS TRUE }", true],
  ["{ $.sent IS TRUE }", false],
  ["{ $.sent IS FALSE }", true],
  ["{ $.total = 1 && $.user.id = 1 || $.paid IS TRUE }", true],
  ["{ $.total = 1 && ($.user.id = 1 || $.paid IS TRUE) }", false],
  ["{ (($.user.id=1)&&($.users[0].id=2)) }", true],
  ["{ $.user.email = ann@example.org }", true],
];

const termCases: [pattern: string, text: string, expected: boolean][] = [
  ["", "anything", true],
  ["ERROR", "[ERROR] it broke", true],
  ["ERROR", "ERRORCODE", true],
  ["ERROR", "an error", false],
  ["ERROR broke", "it broke: ERROR", true],
  ["ERROR broke", "ERROR", false],
  ["ERROR -DEBUG", "ERROR in DEBUG", false],
  ["ERROR -DEBUG", "ERROR", true],
  ["-DEBUG", "INFO", true],
  ["?ERROR ?WARN", "WARN", true],
  ["?ERROR ?WARN", "INFO", false],
  ['"it broke"', "then it broke", true],
  ['"it broke"', "broke it", false],
  ['ERROR -"not found"', "ERROR: not found", false],
  ['"a \\"b\\""', 'say a "b"', true],
  ["{ $.a = 1 }", "no JSON", false],
  ["{ $.a = 1 }", '{"a":1', false],
];

describe("a filter pattern", () => {
  for (const [pattern, expected] of jsonCases) {
    it(`${pattern} ${expected ? "matches" : "does not match"} the order`, () => {
      expect(matches(pattern, order)).to.equal(expected);
    });
  }

  for (const [pattern, text, expected] of termCases) {
    it(`${pattern || "(empty)"} ${expected ? "matches" : "does not match"} ${text}`, () => {
      expect(matches(pattern, text)).to.equal(expected);
    });
  }

  const refused: [pattern: string, why: string][] = [
    ["[ip, user]", "a space-delimited filter pattern, as [ip, user], is not supported"],
    ["%ERR.*%", "a regular expression in a filter pattern is not supported"],
    ["{ $.a = %x% }", "a regular expression in a filter pattern is not supported"],
    ["?a b", "?terms beside others"],
    ["not-quoted", "the term not-quoted at 1 needs quotes"],
    ['"open', "a quote is not closed"],
    ["{ $.a.* = 1 }", "the wildcard in the selector $.a.* is not supported"],
    ["{ $.a = true }", "which AWS writes IS TRUE"],
    ["{ a = 1 }", "a must begin with $."],
    ["{ $[0] = 1 }", "is not a selector"],
    ["{ $.a..b = 1 }", "is not a selector"],
    ["{ $.a > x }", "> takes a number, not x"],
    ['{ $.a > "1" }', "> takes a number, not 1"],
    ["{ $.a IS EMPTY }", "EMPTY was not expected"],
    ["{ $.a LIKE 1 }", "LIKE was not expected"],
    ["{ $.a = 1", "the end was not expected"],
    ["{ $.a = 1 } x", "x was not expected"],
    ["{ $.a = && }", "&& was not expected"],
    ["{ ($.a = 1 }", "} was not expected"],
    ["{ $.a", "the end was not expected"],
    ["{ $.a ! 1 }", "not understood at 6"],
  ];
  for (const [pattern, why] of refused) {
    it(`${pattern} is refused: ${why}`, () => {
      expect(() => filterPattern(pattern)).to.throw(Refused, why);
    });
  }
});
