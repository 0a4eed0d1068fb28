import { expect } from "chai";
import { answer, completed, functionMaker, isAlive } from "./functions";

describe("a function that goes too far", () => {
  const { make, clean } = functionMaker();
  afterEach(clean);

  it("is killed when its time is over, also in the middle of a loop", async () => {
    const { pool, invoke, lines } = await make(
      `exports.handler = async (event) => { if (event.well) return "well"; console.log(process.pid); for (;;); };`,
      { timeoutMs: 200 },
    );
    const result = await pool.invoke(Buffer.from("{}"), { requestId: "r1" });
    expect(answer(result)).to.deep.equal({
      errorType: "Sandbox.Timedout",
      errorMessage: "RequestId: r1 Error: Task timed out after 0.20 seconds",
    });
    expect(completed(result)).to.include({ kind: "error", functionError: "Unhandled", durationMs: 200 });
    const [pid] = lines.flatMap((line) => JSON.parse(line.message).message ?? []);
    expect(pid).to.be.a("number");
    expect(isAlive(pid)).to.equal(false);
    expect(lines.at(-1)?.message).to.contain('"status":"timeout"');
    expect(answer(await invoke({ well: true }))).to.equal("well");
    expect(pool.stats()).to.include({ cold: 2, workers: 1 });
  });

  it("dies of a heap beyond its memory", async () => {
    const { pool } = await make(
      `exports.handler = async () => { const all = []; for (;;) all.push(Array(1e4).fill({})); };`,
      {
        memoryMb: 64,
      },
    );
    const result = await pool.invoke(Buffer.from("{}"), { requestId: "r1" });
    expect(answer(result)).to.deep.equal({
      errorType: "Runtime.OutOfMemory",
      errorMessage: "RequestId: r1 Error: Runtime exited with error: signal: killed",
    });
  });

  it("dies of memory outside its heap, by the time it answers at the latest", async () => {
    const { invoke } = await make(
      `let all; exports.handler = async (event) => {
        all = Buffer.alloc(200 * 2 ** 20, 1);
        if (event.stays) await new Promise((resolve) => setTimeout(resolve, 2_900));
      };`,
      { memoryMb: 128 },
    );
    for (const stays of [false, true]) {
      const result = completed(await invoke({ stays }));
      expect(answer(result)["errorType"]).to.equal("Runtime.OutOfMemory");
      expect(result.durationMs).to.be.below(2_000);
      expect(result.maxMemoryMb).to.be.above(128);
    }
  });

  const exits: [string, string, string][] = [
    ["process.exit(3)", "Runtime.ExitError", "RequestId: r1 Error: Runtime exited with error: exit status 3"],
    ["process.exit(0)", "Runtime.ExitError", "RequestId: r1 Error: Runtime exited without providing a reason"],
    ["process.abort()", "Runtime.ExitError", "RequestId: r1 Error: Runtime exited with error: signal: aborted"],
    ["setTimeout(() => { throw new RangeError('later') })", "RangeError", "later"],
    ["Promise.reject(new Error('lost'))", "Runtime.UnhandledPromiseRejection", "Error: lost"],
    ["Promise.reject(1); Promise.reject(2)", "Runtime.UnhandledPromiseRejection", "1"],
    ["Promise.reject('lost')", "Runtime.UnhandledPromiseRejection", "lost"],
  ];
  for (const [statement, errorType, errorMessage] of exits) {
    it(`fails by ${statement}, and the next invocation gets a new worker`, async () => {
      const { pool, invoke } = await make(
        `exports.handler = async (event) => {
          if (event.well) return "well";
          ${statement};
          await new Promise((resolve) => setTimeout(resolve, 2_900));
        };`,
      );
      const result = await pool.invoke(Buffer.from("{}"), { requestId: "r1" });
      expect(answer(result)).to.include({ errorType, errorMessage });
      expect(answer(await invoke({ well: true }))).to.equal("well");
      expect(pool.stats()).to.include({ cold: 2, warm: 0 });
    });
  }

  it("fails if it exits, or rejects, while it is loaded", async () => {
    const exiting = await make("process.exit(7);");
    expect(answer(await exiting.invoke())["errorMessage"]).to.contain("exit status 7");
    const rejecting = await make(
      "Promise.reject(new Error('at load')); const until = Date.now() + 50; while (Date.now() < until); exports.handler = async () => new Promise((r) => setTimeout(r, 2_900));",
    );
    expect(answer(await rejecting.invoke())["errorType"]).to.equal("Runtime.UnhandledPromiseRejection");
  });

  it("loses its answer, but not its work, to an injected crash", async () => {
    let faults: ("crash" | undefined)[] = ["crash", undefined];
    const { invoke, lines } = await make(
      `exports.handler = async () => { console.log("worked"); return "answer"; };`,
      {},
      { faults: () => faults[0] },
    );
    expect(answer(await invoke())["errorMessage"]).to.contain("Runtime exited with error: signal: killed");
    faults = [];
    expect(answer(await invoke())).to.equal("answer");
    expect(lines.filter((line) => line.message.includes('"worked"'))).to.have.length(2);
  });
});
