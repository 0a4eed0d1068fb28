import { expect } from "chai";
import { functionMaker } from "./functions";

describe("a function's log", () => {
  const { make, clean } = functionMaker();
  afterEach(clean);

  it("tells of an invocation in order, with its id, in the worker's stream", async () => {
    const { pool, lines } = await make(
      `console.log("loading"); exports.handler = async () => { console.warn("half", "way"); console.error("bad"); };`,
      {},
      { now: () => 1_000 },
    );
    await pool.invoke(Buffer.from("{}"), { requestId: "r1" });
    const told = lines.map(({ message, requestId }) => {
      const { type, level, message: text } = JSON.parse(message);
      return [requestId, type ?? level, text];
    });
    expect(told).to.deep.equal([
      [undefined, "platform.initStart", undefined],
      [undefined, "INFO", "loading"],
      ["r1", "platform.start", undefined],
      ["r1", "WARN", "half way"],
      ["r1", "ERROR", "bad"],
      ["r1", "platform.report", undefined],
    ]);
    expect(new Set(lines.map((line) => line.stream))).to.have.length(1);
    expect(lines.map((line) => line.timestamp)).to.deep.equal(Array(6).fill(1_000));
  });

  it("turns console into JSON, with errors taken apart", async () => {
    const { pool, lines } = await make(
      `exports.handler = async () => {
        console.info({ symbol: "AAPL", cause: new TypeError("inner") });
        console.log("failed: %s", "why", new RangeError("too far"));
        const loop = {}; loop.self = loop;
        console.log(loop);
      };`,
    );
    await pool.invoke(Buffer.from("{}"), { requestId: "r1" });
    const [object, text, circular] = lines.map((line) => JSON.parse(line.message)).filter((line) => line.level);
    expect(object.timestamp).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(object).to.deep.include({ level: "INFO", requestId: "r1" });
    expect(object.message.symbol).to.equal("AAPL");
    expect(object.message.cause).to.include({ errorType: "TypeError", errorMessage: "inner" });
    expect(text).to.include({ errorType: "RangeError", errorMessage: "too far" });
    expect(text.message).to.contain("failed: why");
    expect(text.stackTrace[0]).to.equal("RangeError: too far");
    expect(circular.message).to.contain("[Circular");
  });

  it("leaves what the function writes by itself as it is", async () => {
    const { pool, lines } = await make(
      `exports.handler = async () => { process.stdout.write("a metric\\n"); process.stderr.write("no end of line"); };`,
    );
    await pool.invoke(Buffer.from("{}"), { requestId: "r1" });
    const written = lines.filter((line) => !line.message.startsWith("{"));
    expect(written.map(({ message, requestId }) => [message, requestId])).to.have.deep.members([
      ["a metric", "r1"],
      ["no end of line", "r1"],
    ]);
  });

  for (const end of ["return", "process.exit(1)"]) {
    it(`keeps all of a long output, before the report, that ends in ${end}`, async () => {
      const { invoke, lines } = await make(
        `exports.handler = async () => { for (let i = 0; i < 5_000; i++) console.log(i, "x".repeat(100)); ${end}; };`,
      );
      await invoke();
      expect(lines.filter((line) => line.message.includes('"INFO"'))).to.have.length(5_000);
      expect(lines.at(-1)?.message).to.contain("platform.report");
    });
  }

  for (const [logLevel, levels] of [
    [undefined, ["INFO", "ERROR"]],
    ["TRACE", ["TRACE", "DEBUG", "INFO", "ERROR"]],
    ["ERROR", ["ERROR"]],
  ] as const) {
    it(`holds back what is less grave than ${logLevel ?? "the default"}`, async () => {
      const { invoke, lines } = await make(
        `exports.handler = async () => { for (const level of ["trace", "debug", "log", "error"]) console[level](level); };`,
        logLevel ? { logLevel } : {},
      );
      await invoke();
      expect(lines.flatMap((line) => JSON.parse(line.message).level ?? [])).to.deep.equal(levels);
    });
  }
});
