import { expect } from "chai";
import { compileConditions } from "../../../local/iam/conditions";
import { contextOf, type Facts } from "../../../local/iam/context";
import { operators } from "../../../local/iam/operators";
import { refusal } from "./world";

const key = "x:key";

const holds = (operator: string, wanted: unknown, actual?: string | readonly string[]): boolean =>
  compileConditions({ [operator]: { [key]: wanted } })(contextOf(actual === undefined ? {} : { [key]: actual }));

type Case = [operator: string, wanted: unknown, alike: string[], different: string[]];

const cases: Case[] = [
  ["StringEquals", ["a", "b*"], ["a", "b*"], ["A", "bc", ""]],
  ["StringEqualsIgnoreCase", "Ab", ["ab", "AB"], ["abc"]],
  ["StringLike", ["a*c", "x?"], ["ac", "abc", "xy"], ["x", "ABC"]],
  ["NumericEquals", 10, ["10", "10.0", "1e1"], ["11", "ten", ""]],
  ["NumericLessThan", "10", ["9.5", "-1"], ["10", "11", "ten"]],
  ["NumericLessThanEquals", 10, ["10", "9"], ["10.1"]],
  ["NumericGreaterThan", 10, ["10.1"], ["10", "9", "ten"]],
  ["NumericGreaterThanEquals", 10, ["10", "11"], ["9.9"]],
  [
    "DateEquals",
    "2026-01-01T00:00:00Z",
    ["1767225600", "2026-01-01", "2026-01-01T01:00:00+01:00"],
    ["2026-01-02", "?"],
  ],
  ["DateLessThan", "2026-01-01T00:00:00", ["2025-12-31T23:59:59Z"], ["2026-01-01", "1767225600"]],
  ["DateLessThanEquals", "1767225600", ["2026-01-01T00:00:00Z"], ["2026-01-01T00:00:01Z"]],
  ["DateGreaterThan", "2026-01-01", ["2026-01-01T00:00:00.001Z"], ["2026-01-01T00:00:00Z"]],
  ["DateGreaterThanEquals", "2026-01-01", ["2026-01-01T00:00:00Z"], ["2025-12-31"]],
  ["Bool", "false", ["false", "False"], ["true", "no"]],
  ["Bool", true, ["true"], ["false"]],
  ["IpAddress", ["10.0.0.0/8", "2001:db8::/32"], ["10.1.2.3", "2001:db8::1"], ["11.0.0.1", "2001:db9::1", "here"]],
  ["IpAddress", "192.0.2.7", ["192.0.2.7"], ["192.0.2.8"]],
  ["IpAddress", "::1", ["::1"], ["::2", "127.0.0.1"]],
  [
    "ArnEquals",
    "arn:aws:events:*:1:rule/bus/*",
    ["arn:aws:events:eu-west-1:1:rule/bus/a:b"],
    ["arn:aws:events:a:2:rule/bus/a"],
  ],
  ["ArnLike", "arn:aws:sqs:us-east-1:1:jobs", ["arn:aws:sqs:us-east-1:1:jobs"], ["jobs"]],
];

const opposites: Record<string, string> = {
  StringEquals: "StringNotEquals",
  StringEqualsIgnoreCase: "StringNotEqualsIgnoreCase",
  StringLike: "StringNotLike",
  NumericEquals: "NumericNotEquals",
  DateEquals: "DateNotEquals",
  IpAddress: "NotIpAddress",
  ArnEquals: "ArnNotEquals",
  ArnLike: "ArnNotLike",
};

describe("condition operators", () => {
  for (const [operator, wanted, alike, different] of cases) {
    const opposite = opposites[operator];
    it(`${opposite ? `${operator} and ${opposite}` : operator} compare with ${JSON.stringify(wanted)}`, () => {
      for (const [values, expected] of [
        [alike, true],
        [different, false],
      ] as const) {
        for (const value of values) {
          expect(holds(operator, wanted, value), `${operator} ${value}`).to.equal(expected);
          expect(holds(`${operator}IfExists`, wanted, value), `${operator}IfExists ${value}`).to.equal(expected);
          if (opposite) expect(holds(opposite, wanted, value), `${opposite} ${value}`).to.equal(!expected);
        }
      }
    });
  }

  it("have no member that is not tried here", () => {
    const tried = cases.flatMap(([operator]) => [operator, opposites[operator] ?? []].flat());
    expect([...operators.keys()].sort()).to.deep.equal([...new Set(tried)].sort());
  });

  it("fail on a missing key, unless they ask for a difference", () => {
    const differences = new Set(Object.values(opposites));
    for (const [operator, wanted] of cases) {
      expect(holds(operator, wanted), operator).to.equal(false);
      const opposite = opposites[operator];
      if (opposite) expect(holds(opposite, wanted), opposite).to.equal(differences.has(opposite));
    }
  });

  it("hold on a missing key with IfExists", () => {
    for (const [operator, wanted] of cases) expect(holds(`${operator}IfExists`, wanted), operator).to.equal(true);
  });

  it("Null asks whether the key is there", () => {
    expect(holds("Null", "true")).to.equal(true);
    expect(holds("Null", true, "a")).to.equal(false);
    expect(holds("Null", "false", "a")).to.equal(true);
    expect(holds("Null", ["true", "false"], "a")).to.equal(true);
    expect(holds("Null", "true", [])).to.equal(true);
  });
});

describe("conditions on keys with several values", () => {
  it("ForAllValues wants each of them, and is content with none", () => {
    expect(holds("ForAllValues:StringLike", ["a*", "b"], ["ab", "b"])).to.equal(true);
    expect(holds("ForAllValues:StringLike", ["a*", "b"], ["ab", "c"])).to.equal(false);
    expect(holds("ForAllValues:StringNotEquals", ["a", "b"], ["c", "d"])).to.equal(true);
    expect(holds("ForAllValues:StringNotEquals", ["a", "b"], ["c", "a"])).to.equal(false);
    expect(holds("ForAllValues:StringEquals", "a")).to.equal(true);
    expect(holds("ForAllValues:StringEquals", [], ["a"])).to.equal(false);
  });

  it("ForAnyValue wants one of them, and is not content with none", () => {
    expect(holds("ForAnyValue:StringEquals", "a", ["a", "b"])).to.equal(true);
    expect(holds("ForAnyValue:StringEquals", "a", ["c", "b"])).to.equal(false);
    expect(holds("ForAnyValue:StringNotEquals", "a", ["a", "b"])).to.equal(true);
    expect(holds("ForAnyValue:StringNotEquals", "a", "a")).to.equal(false);
    expect(holds("ForAnyValue:StringEquals", "a")).to.equal(false);
    expect(holds("ForAnyValue:StringNotEquals", "a")).to.equal(false);
    expect(holds("ForAnyValue:StringEqualsIfExists", "a")).to.equal(true);
  });

  it("are refused by name without either", () => {
    expect(holds("StringEquals", "a", ["a"])).to.equal(true);
    expect(refusal(() => holds("StringEquals", "a", ["a", "b"]))).to.equal(
      "unsupported: StringEquals on x:key with several values needs ForAllValues or ForAnyValue",
    );
  });
});

describe("condition blocks", () => {
  const block = compileConditions({
    StringEquals: { "aws:SourceAccount": ["1", "2"], "aws:username": "ada" },
    Bool: { "aws:SecureTransport": true },
  });
  const facts: Facts = { "AWS:sourceaccount": "2", "aws:UserName": "ada", "aws:securetransport": "true" };

  it("hold if all their keys do, whatever case these are written in", () => {
    expect(block(contextOf(facts))).to.equal(true);
    for (const [name, value] of Object.entries(facts)) {
      expect(block(contextOf({ ...facts, [name]: `${value}-not` })), name).to.equal(false);
    }
  });

  it("hold if there are none", () => {
    expect(compileConditions(undefined)(contextOf())).to.equal(true);
    expect(compileConditions({})(contextOf())).to.equal(true);
  });

  it("compare with the request's own values through variables", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable, not a template
    const created = compileConditions({ StringEqualsIfExists: { "events:creatorAccount": "${aws:PrincipalAccount}" } });
    expect(created(contextOf({ "events:creatorAccount": "1", "aws:PrincipalAccount": "1" }))).to.equal(true);
    expect(created(contextOf({ "events:creatorAccount": "1", "aws:PrincipalAccount": "2" }))).to.equal(false);
    expect(created(contextOf({ "aws:PrincipalAccount": "2" }))).to.equal(true);
    expect(created(contextOf({ "events:creatorAccount": "1" }))).to.equal(false);
  });

  const refusals: [object | string, string][] = [
    ["yes", "malformed: Condition must be an object"],
    [{ Bool: "yes" }, "malformed: Condition Bool must be an object"],
    [{ BinaryEquals: { [key]: "YQ==" } }, "unsupported: condition operator BinaryEquals is not known"],
    [{ stringEquals: { [key]: "a" } }, "unsupported: condition operator stringEquals is not known"],
    [{ constructor: { [key]: "a" } }, "unsupported: condition operator constructor is not known"],
    [{ NullIfExists: { [key]: "true" } }, "unsupported: condition operator NullIfExists is not known"],
    [{ "ForAllValues:Null": { [key]: "true" } }, "unsupported: condition operator ForAllValues:Null is not known"],
    [{ "ForSome:Bool": { [key]: "true" } }, "unsupported: condition operator ForSome:Bool is not known"],
    [{ Bool: { [key]: "yes" } }, 'malformed: Bool cannot compare x:key with "yes"'],
    [{ Null: { [key]: "yes" } }, 'malformed: Null cannot compare x:key with "yes"'],
    [{ NumericEquals: { [key]: "ten" } }, 'malformed: NumericEquals cannot compare x:key with "ten"'],
    [{ DateEquals: { [key]: "today" } }, 'malformed: DateEquals cannot compare x:key with "today"'],
    [{ IpAddress: { [key]: "10.0.0.0/33" } }, 'malformed: IpAddress cannot compare x:key with "10.0.0.0/33"'],
    [{ IpAddress: { [key]: "here" } }, 'malformed: IpAddress cannot compare x:key with "here"'],
    [{ ArnLike: { [key]: "jobs" } }, 'malformed: jobs must be in ARN format or "*"'],
    [{ Bool: { username: "true" } }, "malformed: condition key username must be prefaced by a vendor"],
    [{ StringEquals: { [key]: null } }, "malformed: StringEquals on x:key must have texts, numbers or booleans"],
  ];
  for (const [condition, expected] of refusals) {
    it(`are refused: ${JSON.stringify(condition)}`, () => {
      expect(refusal(() => compileConditions(condition))).to.equal(expected);
    });
  }
});
