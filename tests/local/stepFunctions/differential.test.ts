import { StateMachine } from "aws-local-stepfunctions";
import { expect } from "chai";
import * as fc from "fast-check";
import { type Definition, functionArn, only, type StatesWorld, startStatesWorld } from "./world";

const mapping = (more: Record<string, unknown>, each: Record<string, unknown> = { Type: "Pass" }) =>
  only({ Type: "Map", ItemProcessor: { StartAt: "Each", States: { Each: { ...each, End: true } } }, ...more });

const rule = (condition: Record<string, unknown>): Definition => ({
  StartAt: "Choose",
  States: {
    Choose: { Type: "Choice", Choices: [{ ...condition, Next: "Yes" }], Default: "No" },
    Yes: { Type: "Pass", Result: "yes", End: true },
    No: { Type: "Pass", Result: "no", End: true },
  },
});

const store = {
  items: [
    { id: 1, kind: "a", price: 8.95, tags: ["x", "y"] },
    { id: 2, kind: "b", price: 12.99, tags: [] },
    { id: 3, kind: "a", price: 22.99, deep: { kind: "c", "with space": true } },
  ],
  "detail-type": "Order",
  nothing: null,
};

/** What the state does with its input, by the letter of the language. */
const flows: [what: string, definition: Definition, input: unknown][] = [
  ...[
    "$",
    "$.items",
    "$.items[0].id",
    "$.items[2].deep['with space']",
    "$['detail-type']",
    "$.items[*].id",
    "$.items[0:2].id",
    "$.items[1:].kind",
    "$.items[0,2].id",
    "$..kind",
    "$.items[?(@.kind == 'a')].id",
    "$.items[?(@.price < 20 && @.kind != 'b')].id",
    "$.items[?(@.deep || @.price == 12.99)].id",
    "$.items[?(@.deep)].id",
    "$.nothing",
  ].map((path): [string, Definition, unknown] => [
    path,
    only({ Type: "Pass", Parameters: { "found.$": path } }),
    store,
  ]),
  ["InputPath", only({ Type: "Pass", InputPath: "$.items[0]" }), store],
  ["InputPath null", only({ Type: "Pass", InputPath: null }), store],
  ["OutputPath", only({ Type: "Pass", OutputPath: "$.items[1].kind" }), store],
  ["OutputPath null", only({ Type: "Pass", OutputPath: null }), store],
  ["ResultPath of a new place", only({ Type: "Pass", Result: { a: 1 }, ResultPath: "$.made.here" }), { kept: true }],
  ["ResultPath over an old place", only({ Type: "Pass", Result: 9, ResultPath: "$.kept.n" }), { kept: { n: 1, m: 2 } }],
  ["ResultPath null", only({ Type: "Pass", Result: 9, ResultPath: null }), { kept: true }],
  [
    "InputPath, then Parameters, then ResultPath into the raw input",
    only({ Type: "Pass", InputPath: "$.items[0]", Parameters: { "n.$": "$.id", fixed: [1] }, ResultPath: "$.out" }),
    store,
  ],
  ["templates in lists", only({ Type: "Pass", Parameters: { list: [{ "id.$": "$.items[0].id" }, "plain"] } }), store],
  ["Map over ItemsPath", mapping({ ItemsPath: "$.items" }), store],
  [
    "Map with ItemSelector",
    mapping({
      ItemsPath: "$.items",
      ItemSelector: { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value.id", "all.$": "$['detail-type']" },
    }),
    store,
  ],
  ["Map over nothing", mapping({}), []],
  [
    "Map with ResultSelector and ResultPath",
    mapping({ ItemsPath: "$.items", ResultSelector: { "ids.$": "$[*].id" }, ResultPath: "$.mapped" }),
    store,
  ],
  [
    "Parallel",
    only({
      Type: "Parallel",
      Branches: [
        { StartAt: "One", States: { One: { Type: "Pass", Parameters: { "one.$": "$.items[0].id" }, End: true } } },
        { StartAt: "Two", States: { Two: { Type: "Succeed", OutputPath: "$.items[1].id" } } },
      ],
      ResultPath: "$.both",
    }),
    { items: store.items },
  ],
  ...[
    "States.Format('{} is {}', $.items[0].id, 'first')",
    "States.StringToJson($.json)",
    "States.JsonToString($.items[0])",
    "States.Array($.items[0].id, 'b', true, null, 1.5)",
    "States.ArrayPartition($.numbers, 4)",
    "States.ArrayContains($.numbers, 5)",
    "States.ArrayContains($.items, $.items[1])",
    "States.ArrayRange(1, 9, 2)",
    "States.ArrayRange(9, 1, -2)",
    "States.ArrayGetItem($.numbers, 5)",
    "States.ArrayLength($.numbers)",
    "States.ArrayUnique($.repeated)",
    "States.Base64Encode('Data to encode')",
    "States.Base64Decode('RGVjb2RlZCBkYXRh')",
    "States.Hash('input data', 'SHA-1')",
    "States.Hash('input data', 'MD5')",
    "States.JsonMerge($.one, $.other, false)",
    "States.MathAdd(111, -1)",
    "States.StringSplit('1,2,3,4', ',')",
    "States.Format('{}', States.ArrayLength(States.Array(1, States.MathAdd(1, 2))))",
  ].map((call): [string, Definition, unknown] => [
    call,
    only({ Type: "Pass", Parameters: { "result.$": call } }),
    {
      ...store,
      json: '{"a": [1, null]}',
      numbers: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      repeated: [1, 2, 1, "a", "a", 2],
      one: { a: { x: 1 }, b: 1 },
      other: { a: { y: 2 }, c: 3 },
    },
  ]),
];

/** Conditions over input that has one value of each type. */
const values: Record<string, unknown> = {
  s: "foo.log",
  t: "2026-03-14T01:59:00Z",
  later: "2026-03-14T02:59:00+00:30",
  n: 20,
  m: 30,
  b: true,
  z: null,
  o: {},
};
const conditions: Record<string, unknown>[] = [
  ...["s", "t", "n", "b", "z", "o"].flatMap((name) =>
    ["IsString", "IsNumeric", "IsBoolean", "IsNull", "IsPresent", "IsTimestamp"].map((test) => ({
      Variable: `$.${name}`,
      [test]: true,
    })),
  ),
  { Variable: "$.nowhere", IsPresent: true },
  ...["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"].flatMap((order) => [
    { Variable: "$.n", [`Numeric${order}`]: 20 },
    { Variable: "$.n", [`Numeric${order}Path`]: "$.m" },
    { Variable: "$.s", [`String${order}`]: "foo.txt" },
    { Variable: "$.s", [`String${order}Path`]: "$.t" },
    { Variable: "$.t", [`Timestamp${order}`]: "2026-03-14T01:59:00.000Z" },
    { Variable: "$.t", [`Timestamp${order}Path`]: "$.later" },
  ]),
  { Variable: "$.b", BooleanEquals: true },
  { Variable: "$.b", BooleanEqualsPath: "$.b" },
  { Variable: "$.s", StringMatches: "*.log" },
  { Variable: "$.s", StringMatches: "f*.l*g" },
  { Variable: "$.s", StringMatches: "foo" },
  { Variable: "$.s", StringMatches: "foo\\*" },
  { Not: { Variable: "$.b", BooleanEquals: true } },
  {
    And: [
      { Variable: "$.n", NumericLessThan: 30 },
      { Variable: "$.s", StringEquals: "foo.log" },
    ],
  },
  { Or: [{ Variable: "$.n", NumericLessThan: 3 }, { Not: { Variable: "$.z", IsNull: true } }] },
];

describe("the interpreter and aws-local-stepfunctions", () => {
  let world: StatesWorld;
  before(async () => {
    world = await startStatesWorld();
    world.grant("lambda:InvokeFunction");
    await world.makeFunction(
      "judge",
      `async (event) => {
      if (event.fails) throw Object.assign(new Error("told to"), { name: event.fails });
      return { judged: event };
    }`,
    );
  });
  after(() => world.close());

  const theirs = async (definition: Definition, input: unknown, handlers: Record<string, unknown> = {}) => {
    type Parameters = ConstructorParameters<typeof StateMachine>;
    const machine = new StateMachine(definition as unknown as Parameters[0], {
      validationOptions: { noValidate: true },
    });
    type RunOptions = NonNullable<globalThis.Parameters<typeof machine.run>[1]>;
    const overrides = { taskResourceLocalHandlers: handlers, retryIntervalOverrides: { Only: 1 } };
    return machine.run(input as globalThis.Parameters<typeof machine.run>[0], { overrides } as unknown as RunOptions)
      .result;
  };

  for (const [what, definition, input] of flows) {
    it(`agree on ${what}`, async () => {
      const { output, cause } = await world.run(definition, input);
      expect(cause).to.equal(undefined);
      expect(output).to.deep.equal(await theirs(definition, input));
    });
  }

  it("agree on what rules choose", async () => {
    for (const condition of conditions) {
      const { output } = await world.run(rule(condition), values);
      expect(output, JSON.stringify(condition)).to.equal(await theirs(rule(condition), values));
    }
  });

  it("differ where the language's and AWS's own words are with the interpreter", async () => {
    const passing = (Parameters: Record<string, unknown>) => only({ Type: "Pass", Parameters });
    const fromTheEnd = passing({ "last.$": "$.items[-1].id" });
    expect((await world.run(fromTheEnd, store)).output).to.deep.equal({ last: 3 });
    const split = passing({ "parts.$": "States.StringSplit('This.is+a,,test=string', '.+,=')" });
    expect((await world.run(split)).output).to.deep.equal({ parts: ["This", "is", "a", "test", "string"] });
    const absent = rule({ Variable: "$.nowhere", IsPresent: false });
    expect((await world.run(absent, values)).output).to.equal("yes");
    const caught: Definition = {
      StartAt: "Only",
      States: {
        Only: {
          Type: "Task",
          Resource: functionArn("judge"),
          Catch: [{ ErrorEquals: ["Rejected"], ResultPath: "$", Next: "Caught" }],
          End: true,
        },
        Caught: { Type: "Pass", End: true },
      },
    };
    expect((await world.run(caught, { fails: "Rejected" })).output).to.have.all.keys("Error", "Cause");
    const [negative, many, missing] = await Promise.allSettled([
      theirs(fromTheEnd, store),
      theirs(split, {}),
      theirs(absent, values),
    ]);
    // Once they agree, these belong above.
    expect(negative.status).to.equal("rejected");
    expect(many).to.deep.include({ value: { parts: ["This.is+a,,test=string"] } });
    expect(missing).to.deep.include({ value: "no" });
  });

  it("agree on whatever tasks, retriers and catchers make of a failure", async () => {
    const judge = async (event: { fails?: string }) => {
      if (event.fails) throw Object.assign(new Error("told to"), { name: event.fails });
      return { judged: event };
    };
    const names = ["Throttled", "Rejected", "States.TaskFailed", "States.ALL"];
    const catcher = fc.record(
      { name: fc.constantFrom(...names), ResultPath: fc.constant("$.failure") },
      { requiredKeys: ["name"] },
    );
    const property = fc.asyncProperty(
      fc.constantFrom(undefined, "Throttled", "Rejected", "Other"),
      fc.uniqueArray(catcher, { maxLength: 3, selector: ({ name }) => name }),
      fc.constantFrom(undefined, "$.result"),
      async (fails, catchers, ResultPath) => {
        const ordered = catchers.sort(({ name }) => (name === "States.ALL" ? 1 : -1));
        const definition: Definition = {
          StartAt: "Only",
          States: {
            Only: {
              Type: "Task",
              Resource: functionArn("judge"),
              Retry: [{ ErrorEquals: ["Throttled"], MaxAttempts: 1 }],
              Catch: ordered.map(({ name, ...more }) => ({ ErrorEquals: [name], ...more, Next: "Caught" })),
              ...(ResultPath && { ResultPath }),
              End: true,
            },
            ...(ordered.length > 0 && { Caught: { Type: "Pass", End: true } }),
          },
        };
        const input = { n: 1, ...(fails && { fails }) };
        const { status, output } = await world.run(definition, input);
        const other = await theirs(definition, input, { Only: judge }).catch(() => undefined);
        // What they say of the cause is a text, and not what Lambda reports.
        const comparable = (value: unknown) =>
          JSON.parse(JSON.stringify(value ?? null), (name, inner) => (name === "Cause" ? "" : inner));
        expect(comparable(output)).to.deep.equal(comparable(other));
        expect(status).to.equal(other === undefined ? "FAILED" : "SUCCEEDED");
      },
    );
    await fc.assert(property, { numRuns: 40, seed: 7 });
  });
});
