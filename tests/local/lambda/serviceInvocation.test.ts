import { expect } from "chai";
import { failure, type LambdaWorld, startLambdaWorld } from "./serviceWorld";

const type = "aws:lambda/invocation:Invocation";

describe("an invocation that a program declares", () => {
  let world: LambdaWorld;

  before(async () => {
    world = await startLambdaWorld();
    await world.makeFunction(
      "prepare",
      `async ({ add, refuse }) => {
        if (refuse) throw new RangeError("the domain said no");
        return { sum: add[0] + add[1] };
      }`,
    );
  });
  after(() => world.close());

  const declare = (inputs: Record<string, unknown>) =>
    world.declare(type, "preparation", { functionName: "prepare", input: JSON.stringify({ add: [2, 3] }), ...inputs });

  it("is made once the function has answered, and has its answer", async () => {
    const { outputs } = await declare({ triggers: { meant: "abc" } });
    expect(JSON.parse(String(outputs["result"]))).to.deep.equal({ sum: 5 });
  });

  it("fails with what the function failed with", async () => {
    const { message } = await failure(declare({ input: JSON.stringify({ refuse: true }) }));
    expect(message).to.equal(`${type} preparation: prepare failed with RangeError: the domain said no`);
  });

  it("fails where there is no such function, or no place for it", async () => {
    expect((await failure(declare({ functionName: "nobody" }))).message).to.include("Function not found");
    await world.makeFunction("full", "async () => 1", { reservedConcurrentExecutions: 0 });
    expect((await failure(declare({ functionName: "full" }))).message).to.include("full was throttled: Rate Exceeded.");
  });

  const refused: [Record<string, unknown>, string][] = [
    [{ functionName: undefined }, "property functionName must be set"],
    [{ input: undefined }, "property input must be set"],
    [{ lifecycleScope: "CRUD" }, 'lifecycleScope must be "CREATE_ONLY" on the embedded cloud, not "CRUD"'],
    [{ tenantId: "one" }, "property tenantId is not supported by the embedded cloud"],
  ];
  for (const [inputs, reason] of refused) {
    it(`is refused where ${reason}`, async () => {
      expect((await failure(declare(inputs))).message).to.equal(`${type} preparation: ${reason}`);
    });
  }
});
