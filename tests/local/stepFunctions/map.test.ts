import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { only, type StatesWorld, startStatesWorld, typesOf } from "./world";

/** How many iterations were open at the same time, at most. */
const mostOpen = (events: readonly HistoryEvent[]): number => {
  let open = 0;
  let most = 0;
  for (const type of typesOf(events)) {
    if (type === "MapIterationStarted") most = Math.max(most, ++open);
    if (type === "MapIterationSucceeded") open--;
  }
  return most;
};

const ofType = (events: readonly HistoryEvent[], type: string) => events.filter((event) => event.type === type);

describe("Map and Parallel states", () => {
  let world: StatesWorld;
  before(async () => {
    world = await startStatesWorld();
    world.grant("lambda:InvokeFunction");
    await world.makeFunction(
      "each",
      `async ({ id, fails }) => {
      if (fails) throw Object.assign(new Error(id + " is bad"), { name: fails });
      return { id };
    }`,
    );
  });
  after(() => world.close());

  const call = {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: "each", "Payload.$": "$" },
    OutputPath: "$.Payload",
    End: true,
  };
  const map = (more: Record<string, unknown> = {}, each: Record<string, unknown> = call) => ({
    Type: "Map",
    ItemsPath: "$.items",
    ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, StartAt: "Each", States: { Each: each } },
    ...more,
  });
  const items = (count: number, more: Record<string, unknown> = {}) =>
    Array.from({ length: count }, (_, id) => ({ id, ...more }));

  it("keep the order of the items, whichever is done first", async () => {
    const waiting = { Type: "Wait", SecondsPath: "$.seconds", OutputPath: "$.seconds", End: true };
    const given = [{ seconds: 30 }, { seconds: 20 }, { seconds: 10 }];
    const { output, events } = await world.run(only(map({}, waiting)), { items: given });
    expect(output).to.deep.equal([30, 20, 10]);
    const done = ofType(events, "MapIterationSucceeded").map((event) => event.mapIterationSucceededEventDetails?.index);
    expect(done).to.deep.equal([2, 1, 0]);
  });

  it("work on no more items at once than they are told to, nor than AWS does", async () => {
    const three = await world.run(only(map({ MaxConcurrency: 3 })), { items: items(8) });
    expect(three.output).to.have.length(8);
    expect(mostOpen(three.events)).to.equal(3);
    const path = await world.run(only(map({ MaxConcurrencyPath: "$.most" })), { items: items(4), most: 2 });
    expect(mostOpen(path.events)).to.equal(2);
    const waiting = { Type: "Wait", Seconds: 5, End: true };
    const all = await world.run(only(map({}, waiting)), { items: items(45) });
    expect(all.output).to.have.length(45);
    expect(mostOpen(all.events)).to.equal(40);
  });

  it("wait in all iterations at once", async () => {
    const { clock } = world.cloud;
    const began = clock.now();
    await world.run(only(map({}, { Type: "Wait", Seconds: 600, End: true })), { items: items(8) });
    expect(clock.now() - began).to.equal(600_000);
  });

  it("fail with the first error of an iteration, and end the others", async () => {
    const mixed = map(
      {},
      { Type: "Choice", Choices: [{ Variable: "$.id", NumericEquals: 1, Next: "Call" }], Default: "Wait" },
    );
    mixed.ItemProcessor.States = {
      ...mixed.ItemProcessor.States,
      Call: call,
      Wait: { Type: "Wait", Seconds: 900, End: true },
    } as unknown as typeof mixed.ItemProcessor.States;
    const { clock } = world.cloud;
    const began = clock.now();
    const { status, error, events } = await world.run(only(mixed), { items: items(3, { fails: "Poisoned" }) });
    expect([status, error]).to.deep.equal(["FAILED", "Poisoned"]);
    expect(clock.now() - began).to.be.below(60_000);
    expect(
      ofType(events, "MapIterationFailed").map((event) => event.mapIterationFailedEventDetails?.index),
    ).to.deep.equal([1]);
    const aborted = ofType(events, "MapIterationAborted").map((event) => event.mapIterationAbortedEventDetails?.index);
    expect(aborted).to.deep.equal([0, 2]);
    expect(ofType(events, "WaitStateAborted")).to.have.length(2);
    expect(typesOf(events).slice(-2)).to.deep.equal(["MapStateFailed", "ExecutionFailed"]);
  });

  it("go on with seven of eight where each item catches its own error", async () => {
    const each = { ...call, Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: "Failed" }] };
    const forgiving = map({}, each);
    forgiving.ItemProcessor.States = {
      ...forgiving.ItemProcessor.States,
      Failed: { Type: "Pass", Parameters: { "failed.$": "$.id", "why.$": "$.failure.Error" }, End: true },
    } as unknown as typeof forgiving.ItemProcessor.States;
    const given = items(8).map((item) => (item.id === 5 ? { ...item, fails: "Poisoned" } : item));
    const { status, output } = await world.run(only(forgiving), { items: given });
    expect(status).to.equal("SUCCEEDED");
    expect(output).to.deep.equal(items(8).map(({ id }) => (id === 5 ? { failed: 5, why: "Poisoned" } : { id })));
  });

  it("are tried again and caught as a whole", async () => {
    const definition = {
      StartAt: "All",
      States: {
        All: {
          ...map({ MaxConcurrency: 1 }),
          Retry: [{ ErrorEquals: ["Poisoned"], IntervalSeconds: 30, MaxAttempts: 1 }],
          Catch: [{ ErrorEquals: ["Poisoned"], Next: "Caught" }],
          End: true,
        },
        Caught: { Type: "Pass", OutputPath: "$.Error", End: true },
      },
    };
    const { output, events } = await world.run(definition, {
      items: [{ id: 0 }, { id: 1, fails: "Poisoned" }, { id: 2 }],
    });
    expect(output).to.equal("Poisoned");
    expect(ofType(events, "MapStateStarted")).to.have.length(2);
    expect(ofType(events, "MapStateFailed")).to.have.length(1);
    // One after the other: the third was never begun.
    expect(
      ofType(events, "MapIterationStarted").map((event) => event.mapIterationStartedEventDetails?.index),
    ).to.deep.equal([0, 1, 0, 1]);
  });

  it("may stand within each other, each with its own item", async () => {
    const inner = map(
      { ItemsPath: "$.list", ItemSelector: { "inner.$": "$$.Map.Item.Value", "outer.$": "$.name" } },
      {
        Type: "Pass",
        Parameters: { "pair.$": "States.Array($.outer, $.inner, $$.Map.Item.Index)" },
        OutputPath: "$.pair",
        End: true,
      },
    );
    const outer = {
      ...map(),
      ItemProcessor: {
        StartAt: "Inner",
        States: {
          Inner: { ...inner, Next: "Then" },
          Then: { Type: "Pass", ResultPath: "$[0]", Parameters: { "item.$": "$$.Map.Item.Value.name" }, End: true },
        },
      },
    };
    const { output } = await world.run(only(outer), {
      items: [
        { name: "a", list: [1, 2] },
        { name: "b", list: [3] },
      ],
    });
    expect(output).to.deep.equal([[{ item: "a" }, ["a", 2, 1]], [{ item: "b" }]]);
  });

  it("refuse what is no list, and what is too large", async () => {
    const notAList = await world.run(only(map()), { items: { a: 1 } });
    expect(notAList.error).to.equal("States.Runtime");
    expect(notAList.cause).to.include('Reference path "$.items" must point to array.');
    const nothing = await world.run(only(map()), {});
    expect(nothing.cause).to.include("Invalid path '$.items' : No results for path: $['items']");
    const grown = map({}, { Type: "Pass", Result: "x".repeat(40_000), End: true });
    const large = await world.run(only(grown), { items: items(8) });
    expect(large.error).to.equal("States.DataLimitExceeded");
    expect(large.cause).to.equal(
      "The state/task 'Only' returned a result with a size exceeding the maximum number of bytes service limit.",
    );
  });

  it("run branches side by side, and end them all when one fails", async () => {
    const branch = (name: string, state: Record<string, unknown>) => ({
      StartAt: name,
      States: { [name]: { ...state, End: true } },
    });
    const good = await world.run(
      only({
        Type: "Parallel",
        Parameters: { "id.$": "$.n" },
        Branches: [branch("Call", call), branch("Wait", { Type: "Wait", Seconds: 5 })],
        ResultSelector: { "first.$": "$[0].id", "second.$": "$[1].id" },
      }),
      { n: 7 },
    );
    expect(good.output).to.deep.equal({ first: 7, second: 7 });
    const bad = await world.run(
      only({
        Type: "Parallel",
        Branches: [branch("Call", call), branch("Wait", { Type: "Wait", Seconds: 5 })],
        Retry: [{ ErrorEquals: ["Poisoned"], MaxAttempts: 1 }],
      }),
      { id: 1, fails: "Poisoned" },
    );
    expect(bad.error).to.equal("Poisoned");
    expect(typesOf(bad.events).filter((type) => type?.startsWith("Parallel"))).to.deep.equal([
      "ParallelStateEntered",
      "ParallelStateStarted",
      "ParallelStateStarted",
      "ParallelStateFailed",
    ]);
    expect(ofType(bad.events, "WaitStateAborted")).to.have.length(2);
    const unmatched = await world.run(
      only({
        Type: "Parallel",
        Branches: [
          {
            StartAt: "Choose",
            States: {
              Choose: { Type: "Choice", Choices: [{ Variable: "$.n", NumericEquals: 1, Next: "One" }] },
              One: { Type: "Succeed" },
            },
          },
        ],
      }),
      { n: 2 },
    );
    expect(unmatched.error).to.equal("States.NoChoiceMatched");
  });
});
