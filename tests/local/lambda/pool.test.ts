import { existsSync, statSync } from "node:fs";
import { expect } from "chai";
import { answer, completed, functionMaker, isAlive, until } from "./functions";

const slow = `exports.handler = async (event) => {
  await new Promise((resolve) => setTimeout(resolve, event.ms ?? 0));
  return process.pid;
};`;

const rejection = async (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => "nothing was refused",
    (error: Error) => error.message,
  );

describe("a function's pool", () => {
  const { make, write, clean } = functionMaker();
  afterEach(clean);

  it("starts a process on first use, and uses it again", async () => {
    const { pool, invoke } = await make(slow);
    expect(pool.stats()).to.deep.equal({ workers: 0, busy: 0, cold: 0, warm: 0, throttled: 0 });
    const first = completed(await invoke());
    const second = completed(await invoke());
    expect(answer(second)).to.equal(answer(first));
    expect(first.initMs).to.be.above(0);
    expect(first.billedMs).to.equal(Math.ceil(first.durationMs + (first.initMs ?? 0)));
    expect(first.maxMemoryMb).to.be.within(20, 256);
    expect(second).not.to.have.property("initMs");
    expect(pool.stats()).to.deep.equal({ workers: 1, busy: 0, cold: 1, warm: 1, throttled: 0 });
  });

  it("gives each concurrent invocation its own process, and prefers the one used last", async () => {
    const { pool, invoke } = await make(slow);
    const both = [invoke({ ms: 50 }), invoke({ ms: 500 })];
    expect(pool.stats().busy).to.equal(2);
    const [early, late] = (await Promise.all(both)).map(answer);
    expect(early).not.to.equal(late);
    expect(answer(await invoke())).to.equal(late);
    expect(answer(await invoke())).to.equal(late);
    expect(pool.stats()).to.include({ workers: 2, cold: 2, warm: 2 });
  });

  it("has an invocation wait for a process that is about to be free", async () => {
    const { pool, invoke } = await make(slow, { patienceMs: 60_000 });
    const only = answer(await invoke());
    const [long, soon] = [invoke({ ms: 60 }), invoke()];
    expect([answer(await long), answer(await soon)]).to.deep.equal([only, only]);
    expect(pool.stats()).to.include({ workers: 1, cold: 1, warm: 2 });
  });

  it("does not have it wait for long", async () => {
    const { pool, invoke } = await make(slow);
    const only = answer(await invoke());
    const [long, other] = [invoke({ ms: 1_000 }), invoke()];
    expect(answer(await other)).not.to.equal(only);
    expect(answer(await long)).to.equal(only);
    expect(pool.stats()).to.include({ busy: 0 });
  });

  it("lets nobody wait once it is closed", async () => {
    const { pool, invoke } = await make(slow);
    await invoke();
    const both = [invoke({ ms: 500 }), invoke()].map(rejection);
    await pool.close();
    expect((await Promise.all(both))[1]).to.equal("function ratings is shut down");
  });

  it("turns away what exceeds the reserved concurrency", async () => {
    const { pool, invoke } = await make(slow, { reservedConcurrency: 1 });
    const [first, second] = await Promise.all([
      invoke({ ms: 20 }),
      pool.invoke(Buffer.from("{}"), { requestId: "r2" }),
    ]);
    expect(first.kind).to.equal("success");
    expect(second).to.deep.equal({
      kind: "throttled",
      requestId: "r2",
      code: "TooManyRequestsException",
      message: "Rate Exceeded.",
      reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    });
    expect((await invoke()).kind).to.equal("success");
    expect(pool.stats()).to.include({ throttled: 1, cold: 1, warm: 1 });
  });

  it("ends a process that had no work for a while", async () => {
    const { pool, invoke } = await make(slow, { idleMs: 30 });
    const pid = Number(answer(await invoke()));
    await until(() => pool.stats().workers === 0);
    expect(isAlive(pid)).to.equal(false);
    expect((await invoke()).kind).to.equal("success");
    expect(pool.stats()).to.include({ cold: 2, workers: 1 });
  });

  it("gives the work of an idle process that died to a new one", async () => {
    const { pool, invoke } = await make(slow);
    const pid = Number(answer(await invoke()));
    process.kill(pid, "SIGKILL");
    await until(() => !isAlive(pid));
    const result = await invoke();
    expect(result.kind).to.equal("success");
    expect(answer(result)).not.to.equal(pid);
    expect(pool.stats()).to.include({ cold: 2, warm: 0 });
  });

  it("takes new code for new invocations, and lets those under way finish with the old", async () => {
    const say = (word: string) =>
      `exports.handler = async ({ ms = 0 }) => { await new Promise((r) => setTimeout(r, ms)); return "${word}"; };`;
    const { pool, invoke } = await make(say("old"));
    await Promise.all([invoke({ ms: 20 }), invoke({ ms: 20 })]);
    const running = invoke({ ms: 200 });
    await pool.replace(await write(say("new")));
    expect(pool.stats().workers).to.equal(1);
    expect(answer(await invoke())).to.equal("new");
    expect(answer(await running)).to.equal("old");
    await until(() => pool.stats().workers === 1);
    expect(answer(await invoke())).to.equal("new");
  });

  it("takes other memory, time and variables for new invocations, and lets those under way finish with the old", async () => {
    const tell = `exports.handler = async ({ ms = 0 }, context) => {
      await new Promise((r) => setTimeout(r, ms));
      return [process.env.WORD, context.memoryLimitInMB];
    };`;
    const { pool, invoke } = await make(tell, { environment: { WORD: "old" } });
    await invoke();
    const running = invoke({ ms: 200 });
    await pool.change({ environment: { WORD: "new" }, memoryMb: 300, timeoutMs: 1_000 });
    const other = await invoke();
    expect(answer(other)).to.deep.equal(["new", "300"]);
    expect(answer(await running)).to.deep.equal(["old", "256"]);
    const late = await invoke({ ms: 5_000 });
    expect(late).to.include({ kind: "error", durationMs: 1_000 });
  });

  it("keeps compiled code beside the function's folder, if it is told to", async () => {
    const folder = await write(slow);
    await (await make(slow, { folder })).invoke();
    const { invoke } = await make(slow, { folder, keepCompiled: true });
    expect(existsSync(`${folder}.compiled`)).to.equal(false);
    await invoke();
    await until(() => existsSync(`${folder}.compiled`));
  });

  it("keeps also what is compiled by a later invocation, which finds more to do", async () => {
    const words = Array.from({ length: 500 }, (_, at) => `word${at}: [event, ${at}]`).join(", ");
    const code = `const late = (event) => ({ ${words} });
      exports.handler = async (event) => Object.keys(event.late ? late(event) : event).length;`;
    const folder = await write(code);
    const size = () => statSync(`${folder}.compiled`, { throwIfNoEntry: false })?.size ?? 0;
    const { invoke } = await make(code, { folder, keepCompiled: true });
    await invoke();
    await until(() => size() > 0);
    const first = size();
    expect(answer(await invoke({ late: true }))).to.equal(500);
    await until(() => size() > 2 * first);
  });

  it("refuses a variable that the runtime sets, before anything runs", async () => {
    expect(await rejection(make(slow, { environment: { AWS_REGION: "eu-west-1" } }))).to.contain(
      "may not set AWS_REGION",
    );
  });

  it("rejects if its process cannot be started", async () => {
    const { pool, invoke } = await make(slow, { folder: "/nowhere/at/all" });
    expect(await rejection(invoke())).to.contain("ENOENT");
    expect(pool.stats()).to.include({ workers: 0, busy: 0 });
  });

  it("ends everything when closed, stubborn processes too, and takes no more work", async () => {
    const { pool, invoke } = await make(
      `process.on("SIGTERM", () => {}); ${slow.replace("return", "if (event.ms) return 0; return")}`,
    );
    const pid = Number(answer(await invoke()));
    const running = invoke({ ms: 2_900 });
    await until(() => pool.stats().busy === 1);
    const before = performance.now();
    await Promise.all([pool.close(), pool.close()]);
    expect(performance.now() - before).to.be.below(5_000);
    expect(answer(await running)["errorMessage"]).to.contain("signal: killed");
    expect(isAlive(pid)).to.equal(false);
    expect(await rejection(invoke())).to.equal("function ratings is shut down");
  });

  it("does not start what was asked for just before it closed", async () => {
    const { pool, invoke } = await make(slow);
    const asked = rejection(invoke());
    await pool.close();
    expect(await asked).to.equal("function ratings is shut down");
    expect(pool.stats().workers).to.equal(0);
  });
});
