import { expect } from "chai";
import { compileInput, type TargetInput } from "../../../local/eventBridge/inputTransformer";
import { eventWith } from "./samples";

const event = eventWith(
  {
    instance: "i-0123",
    state: "RUNNING",
    count: 3,
    none: null,
    ok: false,
    text: 'say "hi"\n',
    "a/b_c-d": 7,
    list: [{ n: 1 }, { n: 2 }, { m: 3 }],
    map: { x: 1, y: [2] },
  },
  { resources: ["arn:one", "arn:two"] },
);
const delivery = {
  ruleArn: "arn:aws:events:us-east-1:123456789012:rule/bus/r",
  ruleName: "r",
  ingestedAt: Date.UTC(2026, 2, 1, 4, 5, 6, 789),
};

const input = (target: Omit<TargetInput, "Id">): string => compileInput({ Id: "t1", ...target })(event, delivery);
const path = (InputPath: string): unknown => JSON.parse(input({ InputPath }));
const transform = (InputTemplate: string, InputPathsMap: Record<string, string> = {}): string =>
  input({ InputTransformer: { InputPathsMap, InputTemplate } });

const paths = {
  instance: "$.detail.instance",
  state: "$.detail.state",
  count: "$.detail.count",
  none: "$.detail.none",
  ok: "$.detail.ok",
  text: "$.detail.text",
  map: "$.detail.map",
  missing: "$.detail.missing",
};

describe("target input", () => {
  it("is the whole event by default", () => {
    expect(input({})).to.equal(JSON.stringify(event));
  });

  it("is the constant as it was written", () => {
    expect(input({ Input: '{"a": 1.0}' })).to.equal('{"a": 1.0}');
    expect(() => input({ Input: "hello" })).to.throw("JSON syntax error in input for target t1");
  });

  it("comes from one setting only", () => {
    expect(() => input({ Input: "{}", InputPath: "$" })).to.throw(
      "Only one of Input, InputPath, or InputTransformer must be provided for target t1.",
    );
  });
});

describe("InputPath", () => {
  it("takes a part of the event as JSON", () => {
    expect(path("$")).to.deep.equal(event);
    expect(path("$.detail-type")).to.equal("earningsProcessed");
    expect(path("$.detail.map")).to.deep.equal({ x: 1, y: [2] });
    expect(path("$.detail.a/b_c-d")).to.equal(7);
    expect(path("$.resources[1]")).to.equal("arn:two");
    expect(input({ InputPath: "$.detail.state" })).to.equal('"RUNNING"');
  });

  it("gathers what a wildcard matches", () => {
    expect(path("$.detail.list[*].n")).to.deep.equal([1, 2]);
    expect(path("$.detail.map.*")).to.deep.equal([1, [2]]);
    expect(path("$.detail.state.*")).to.deep.equal([]);
  });

  it("is null where the event has nothing", () => {
    for (const nothing of ["$.nothing", "$.resources[2]", "$.detail.state[0]", "$.detail.state.x"]) {
      expect(path(nothing), nothing).to.equal(null);
    }
  });

  it("refuses other JSONPath by name", () => {
    expect(() => path("detail")).to.throw("JSONPath detail must start with $");
    for (const unsupported of ["..n", "['x']", "[?(@.n>1)]", "[0:2]", "[-1]", ".list.length()"]) {
      expect(() => path(`$.detail${unsupported}`), unsupported).to.throw(
        /^Invalid InputPath for target t1 : .*not supp/,
      );
    }
    expect(() => path(`$.${"x".repeat(255)}`)).to.throw("longer than 256");
  });
});

describe("InputTransformer", () => {
  it("fills a quoted string and keeps it as it is written", () => {
    expect(transform('"<instance> is in <state>, <count> times"', paths)).to.equal('"i-0123 is in RUNNING, 3 times"');
    expect(transform('"instance \\"<instance>\\" is up"', paths)).to.equal('"instance \\"i-0123\\" is up"');
    expect(transform('"{[/ <state>"', paths)).to.equal('"{[/ RUNNING"');
  });

  it("takes several quoted strings, one a line", () => {
    expect(transform('"<instance>"\n"<state>"', paths)).to.equal('"i-0123"\n"RUNNING"');
  });

  it("leaves out of a string what the event lacks, and takes the quotes out of objects", () => {
    expect(transform('"[<missing>]"', paths)).to.equal('"[]"');
    expect(transform('"<none> <ok> <map>"', paths)).to.equal('"null false {x:1,y:[2]}"');
  });

  it("writes JSON values in a JSON template, minified", () => {
    const template = '{ "a": <instance>, "b": [9, <count>, true], "c": <map>, "d": <none>, "e": <ok> }';
    expect(transform(template, paths)).to.equal('{"a":"i-0123","b":[9,3,true],"c":{"x":1,"y":[2]},"d":null,"e":false}');
  });

  it("escapes strings that it quotes itself", () => {
    expect(JSON.parse(transform('{"t": <text>}', paths))).to.deep.equal({ t: 'say "hi"\n' });
  });

  it("puts an empty string in JSON where the event lacks the value", () => {
    expect(transform('{"a": <missing>}', paths)).to.equal('{"a":""}');
  });

  it("fills quoted strings inside JSON, but does not escape there", () => {
    expect(transform('{"s": "is <state>", "q": "\\"<instance>\\""}', paths)).to.equal(
      '{"s":"is RUNNING","q":"\\"i-0123\\""}',
    );
    expect(() => transform('{"s": "<text>"}', paths)).to.throw(
      "The input of target t1 is not JSON: a value put in quotes is not escaped.",
    );
  });

  it("can be one variable alone", () => {
    expect(transform("<map>", paths)).to.equal('{"x":1,"y":[2]}');
    expect(transform(" <state> ", paths)).to.equal('"RUNNING"');
  });

  it("knows the reserved variables", () => {
    const { detail: _, ...withoutDetail } = event;
    expect(transform('"<aws.events.rule-name> <aws.events.event.ingestion-time>"')).to.equal(
      '"r 2026-03-01T04:05:06Z"',
    );
    expect(JSON.parse(transform('{"r": <aws.events.rule-arn>, "e": <aws.events.event>}'))).to.deep.equal({
      r: delivery.ruleArn,
      e: withoutDetail,
    });
    expect(JSON.parse(transform("<aws.events.event.json>"))).to.deep.equal(event);
  });

  it("needs no map of paths", () => {
    expect(input({ InputTransformer: { InputTemplate: '{"rule": <aws.events.rule-name>}' } })).to.equal('{"rule":"r"}');
  });

  const refusals: [string, string][] = [
    ['"<unknown>"', "InputTemplate for target t1 contains invalid placeholder unknown."],
    ["<state> is up", "Invalid InputTemplate for target t1 : it is neither JSON nor quoted strings: null is up."],
    ['"open', 'Invalid InputTemplate for target t1 : it is neither JSON nor quoted strings: "open.'],
    ['"a\tb"', 'Invalid InputTemplate for target t1 : it is neither JSON nor quoted strings: "a\tb".'],
    [" ", "Invalid InputTemplate for target t1 : it is empty."],
    ['{"<state>": 1}', "Invalid InputTemplate for target t1 : <state> is used as an object key."],
    [
      '{"e": "<aws.events.event>"}',
      "Invalid InputTemplate for target t1 : <aws.events.event> is an object and cannot stand in quotes.",
    ],
  ];
  for (const [template, message] of refusals) {
    it(`refuses the template ${JSON.stringify(template)}`, () => {
      expect(() => transform(template, paths))
        .to.throw(Error)
        .with.property("message", message);
    });
  }

  it("refuses wrong names, paths and sizes", () => {
    expect(() => transform('"x"', { "a b": "$.detail" })).to.throw("has a b, which is no name for a variable");
    expect(() => transform('"x"', { awsName: "$.detail" })).to.throw("has awsName, which is no name");
    expect(() => transform('"x"', { a: "$..b" })).to.throw("JSONPath $..b has ..b, which is not supported");
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`v${index}`, "$.id"]));
    expect(() => transform('"x"', many)).to.throw("has more than 100 entries");
    expect(() => transform(`"${"x".repeat(8191)}"`)).to.throw("it is longer than 8192 characters");
  });
});
