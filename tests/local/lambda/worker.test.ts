import { randomUUID } from "node:crypto";
import { expect } from "chai";
import type { Answer } from "../../../local/lambda/contract";
import type { RuntimeApi, WorkerCalls } from "../../../local/lambda/runtimeApi";
import { startWorker } from "../../../local/lambda/worker";
import { aConfig, functionMaker } from "./functions";

const job = { requestId: "r1", payload: Buffer.from("{}"), traceId: "Root=1-a-b" };
const success: Answer = { kind: "success", payload: Buffer.from("1") };

/** Nobody listens at its address: the process fails to reach it, so that a test makes its calls instead. */
const unreachableApi = () => {
  const attached: WorkerCalls[] = [];
  const api: RuntimeApi = {
    address: (workerId) => `127.0.0.1:1/${workerId}`,
    attach: (_workerId, calls) => attached.push(calls),
    detach: () => attached.splice(0),
    close: async () => {},
  };
  const calls = () => {
    const [first] = attached;
    if (!first) throw new Error("no worker is attached");
    return first;
  };
  return { api, calls };
};

describe("a worker", () => {
  const { write, clean } = functionMaker();
  afterEach(clean);

  const start = async (folder?: string) => {
    const { api, calls } = unreachableApi();
    const worker = startWorker({
      config: { ...aConfig(), folder: folder ?? (await write("exports.handler = async () => 1;")) },
      hooks: { now: Date.now, clockOffsetMs: () => 0, newId: randomUUID, onLog: () => {} },
      api,
    });
    return { worker, calls };
  };

  it("hands an invocation over once, however often it is asked", async () => {
    const { worker, calls } = await start();
    let taken = 0;
    const take = () => ++taken > 0;
    const running = worker.run(job);
    calls().next(take);
    calls().next(take);
    expect(taken).to.equal(1);
    await worker.stop();
    expect(await running).to.include({ kind: "error" });
  });

  it("takes one answer, to what is under way", async () => {
    const { worker, calls } = await start();
    expect(calls().answer("r1", success, 50)).to.equal(false);
    const running = worker.run(job);
    expect(calls().answer("r1", success, 50)).to.equal(false);
    calls().next(() => true);
    expect(calls().answer("r2", success, 50)).to.equal(false);
    expect(calls().answer("r1", success, 50)).to.equal(true);
    expect(calls().answer("r1", success, 50)).to.equal(false);
    expect(await running).to.include({ kind: "success", requestId: "r1" });
  });

  it("gives an invocation back that nobody took", async () => {
    const { worker, calls } = await start();
    const running = worker.run(job);
    calls().next(() => false);
    expect(await running).to.equal(undefined);
    expect(await worker.run(job)).to.equal(undefined);
  });

  it("fails what it is given if it could not be started", async () => {
    const { worker } = await start("/nowhere/at/all");
    await worker.ended;
    const failure = await worker.run(job).catch((error: Error) => error.message);
    expect(failure).to.contain("ENOENT");
  });
});
