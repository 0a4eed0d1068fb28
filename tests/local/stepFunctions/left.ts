import { only, startStatesWorld } from "./world";

const [journal = ""] = process.argv.slice(2);

/** A cloud in the middle of some executions, that nobody ever closes. */
void startStatesWorld({ journal }).then(async (world) => {
  world.grant("lambda:InvokeFunction");
  await world.makeFunction("hangs", "() => new Promise((resolve) => setTimeout(resolve, 9_000))");
  const done = await world.machine("done", only({ Type: "Pass", Result: "made before" }));
  await world.start(done, { n: 1 }, "first");
  await world.settle();
  await world.start(await world.machine("waits", only({ Type: "Wait", Seconds: 3_600 })), { n: 2 }, "first");
  const calls = {
    StartAt: "Before",
    States: {
      Before: { Type: "Pass", Result: "kept", ResultPath: "$.before", Next: "Call" },
      Call: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Parameters: { FunctionName: "hangs", "Payload.$": "$" },
        OutputPath: "$.Payload",
        End: true,
      },
    },
  };
  await world.start(await world.machine("calls", calls), { n: 3 }, "first");
  process.send?.("up");
});
