import { expect } from "chai";
import { answer, completed, functionMaker } from "./functions";

describe("a function's handler", () => {
  const { make, clean } = functionMaker();
  afterEach(clean);

  it("gets event and context, and answers with what it returns", async () => {
    const { pool } = await make(
      `exports.handler = async (event, context) => ({ event, ...context, left: context.getRemainingTimeInMillis() });`,
      { logGroup: "/signal9/ratings" },
    );
    const result = await pool.invoke(Buffer.from('{"symbol":"AAPL"}'), { requestId: "r1" });
    const { left, logStreamName, ...rest } = answer(result);
    expect(result).to.include({ kind: "success", requestId: "r1" });
    expect(rest).to.deep.equal({
      event: { symbol: "AAPL" },
      functionName: "ratings",
      functionVersion: "$LATEST",
      invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:ratings",
      memoryLimitInMB: "256",
      awsRequestId: "r1",
      logGroupName: "/signal9/ratings",
    });
    expect(logStreamName).to.match(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    expect(left).to.be.within(2_000, 3_000);
  });

  it("sees the environment it was given, and nothing of ours", async () => {
    process.env["LEAKED_SECRET"] = "x";
    const { pool } = await make(`exports.handler = async () => ({ ...process.env, now: new Date(0).toString() });`, {
      environment: { TABLE: "assets" },
    });
    const seen = answer(await pool.invoke(Buffer.from("{}"), { traceId: "Root=1-a-b;Sampled=1" }));
    delete process.env["LEAKED_SECRET"];
    expect(seen).to.include({ TABLE: "assets", _X_AMZN_TRACE_ID: "Root=1-a-b;Sampled=1", AWS_REGION: "us-east-1" });
    expect(seen["now"]).to.contain("GMT+0000");
    const foreign = Object.keys(seen).filter((key) => !/^(AWS_|_|TABLE|PATH|TZ|LAMBDA_TASK_ROOT|now)/.test(key));
    expect(foreign).to.deep.equal([]);
  });

  it("may answer without a promise, with nothing, and to no event", async () => {
    const { pool, invoke } = await make(`exports.handler = (event) => event.none ? undefined : event;`);
    expect(completed(await invoke({ none: true })).payload.toString()).to.equal("null");
    expect(answer(await pool.invoke(Buffer.alloc(0)))).to.deep.equal({});
  });

  it("is found by folder, module and nested export", async () => {
    const archive = { "app/main.cjs": "exports.api = { get: async () => 'found' };" };
    const { invoke } = await make(archive, { handler: "app/main.api.get" });
    expect(answer(await invoke())).to.equal("found");
  });

  it("may bring its own packages", async () => {
    const archive = {
      "__index.js": "exports.handler = async () => require('own');",
      "node_modules/own/index.js": "module.exports = 1;",
    };
    expect(answer(await (await make(archive)).invoke())).to.equal(1);
  });

  it("reports what it throws by type, message and trace, and stays for the next invocation", async () => {
    const { pool, invoke } = await make(
      `exports.handler = async (event) => { if (event.text) throw "plain"; throw new RangeError("too far"); };`,
    );
    const first = await invoke();
    expect(first).to.include({ kind: "error", functionError: "Unhandled" });
    expect(answer(first)).to.include({ errorType: "RangeError", errorMessage: "too far" });
    expect(answer(first)["trace"]).to.be.an("array").with.nested.property("[0]", "RangeError: too far");
    expect(answer(await invoke({ text: true }))).to.deep.equal({
      errorType: "string",
      errorMessage: "plain",
      trace: [],
    });
    expect(pool.stats()).to.include({ cold: 1, warm: 1, workers: 1 });
  });

  const refused: [string, string, string, string][] = [
    ["takes a callback", "exports.handler = (e, c, done) => done();", "Runtime.CallbackHandlerDeprecated", "callback"],
    ["does not exist", "exports.other = 1;", "Runtime.HandlerNotFound", "__index.handler is undefined or not exported"],
    ["is no function", "exports.handler = 1;", "Runtime.HandlerNotFound", "__index.handler is not a function"],
    [
      "needs what is missing",
      "require('valibot');",
      "Runtime.ImportModuleError",
      "Error: Cannot find module 'valibot'",
    ],
    ["cannot be parsed", "exports.handler = async (", "Runtime.UserCodeSyntaxError", "SyntaxError: "],
    ["fails to load", "throw new TypeError('no table');", "TypeError", "no table"],
    ["streams", "exports.handler = awslambda.streamifyResponse(1);", "Runtime.Unsupported", "response streaming"],
    ["rejects while loading", "require('./x.js');", "Runtime.ImportModuleError", "Error: Cannot find module './x.js'"],
  ];
  for (const [what, source, errorType, message] of refused) {
    it(`fails each invocation if it ${what}`, async () => {
      const { invoke, pool } = await make(source);
      const result = await invoke();
      expect(result).to.include({ kind: "error", durationMs: 0 });
      expect(answer(result)["errorType"]).to.equal(errorType);
      expect(answer(result)["errorMessage"]).to.contain(message);
      expect(answer(await invoke())["errorType"]).to.equal(errorType);
      expect(pool.stats()).to.include({ cold: 2, warm: 0 });
    });
  }

  it("is refused with a name that has no export in it", async () => {
    const { invoke } = await make("exports.handler = async () => 1;", { handler: "handler" });
    expect(answer(await invoke())).to.include({
      errorType: "Runtime.MalformedHandlerName",
      errorMessage: "Bad handler handler",
    });
  });

  const failing: [string, string, string, string][] = [
    ["cannot be told as JSON", "1n", "Runtime.JSONStringifyError", "Unable to stringify response body"],
    ["is too long", "'x'.repeat(6291556)", "Function.ResponseSizeTooLarge", "(6291556 bytes)."],
    ["never comes", "new Promise(() => {})", "Runtime.NodeJsExit", "never settled"],
  ];
  for (const [what, value, errorType, message] of failing) {
    it(`fails if its answer ${what}`, async () => {
      const { invoke } = await make(`exports.handler = async (event) => event.well ? "well" : ${value};`);
      const result = answer(await invoke());
      expect(result["errorType"]).to.equal(errorType);
      expect(result["errorMessage"]).to.contain(message);
      expect(answer(await invoke({ well: true }))).to.equal("well");
    });
  }

  it("may answer with as much as Lambda takes", async () => {
    const { invoke } = await make("exports.handler = async () => 'x'.repeat(6291554);");
    expect(completed(await invoke()).payload).to.have.length(6_291_556);
  });
});
