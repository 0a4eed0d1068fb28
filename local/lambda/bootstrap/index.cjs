// Runs in a worker's own process: asks for invocations, hands them to the function, sends back what it answers.
const [offset, compiled, outside] = process.argv.splice(2);
const keep = compiled && require("../../engine/compiled.cjs").keepCompiled(compiled);
/** A worker is ended by a signal, at which Node would not keep what it compiled; and the first invocation may find nothing to do. */
const keptAfter = [1, 2, 4, 8];

if (outside !== "outside") require("./outside.cjs").stayInside();

const clock = require("./clock.cjs");
clock.turn(Number(offset));
const client = require("./client.cjs");
const log = require("./log.cjs");
const { describe, failure } = require("./errors.cjs");
const { contextOf } = require("./context.cjs");
const { loadHandler } = require("./handler.cjs");

/** The invocation under way. Whoever answers it takes it, so that it is answered once. */
let current;
let loaded = false;
let ending = false;

const answer = async (requestId, kind, payload) => {
  log.mark(requestId);
  await client.answer(requestId, kind, payload);
};

/** The process cannot go on: says so to whom it concerns, and ends. */
const giveUp = async (title, error, status) => {
  if (ending) return;
  const requestId = current;
  current = undefined;
  ending = true;
  log.write("ERROR", [title, error]);
  if (!loaded) await client.initError(describe(error));
  else if (requestId !== undefined) await answer(requestId, "error", describe(error));
  process.exit(status);
};

process.on("uncaughtException", (error) => giveUp("Uncaught Exception", error, 129));
process.on("unhandledRejection", (reason) => {
  const told = reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
  giveUp("Unhandled Promise Rejection", failure("Runtime.UnhandledPromiseRejection", told, reason?.stack), 128);
});
process.on("beforeExit", () => {
  if (current === undefined) return;
  const reason = "Node.js had nothing left to do, but the handler's promise was never settled";
  giveUp("Invoke Error", failure("Runtime.NodeJsExit", reason), 1);
});

const stringify = (result) => {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch {
    throw failure("Runtime.JSONStringifyError", "Unable to stringify response body");
  }
};

const handle = async (handler, invocation) => {
  try {
    const event = invocation.payload === "" ? {} : JSON.parse(invocation.payload);
    return ["response", stringify(await handler(event, contextOf(invocation, clock.realNow)))];
  } catch (error) {
    log.write("ERROR", ["Invoke Error", error]);
    return ["error", describe(error)];
  }
};

const run = async () => {
  let handler;
  try {
    handler = loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
  } catch (error) {
    return giveUp("Init Error", error, 1);
  }
  // What the function left to fail on its own while it was loaded fails here.
  await new Promise(setImmediate);
  if (ending) return;
  loaded = true;
  for (let count = 1; ; count++) {
    const invocation = await client.next();
    clock.turn(invocation.clockOffsetMs);
    process.env._X_AMZN_TRACE_ID = invocation.traceId;
    current = invocation.requestId;
    log.about(current);
    const [kind, payload] = await handle(handler, invocation);
    if (ending) return;
    current = undefined;
    await answer(invocation.requestId, kind, payload);
    if (keep && keptAfter.includes(count)) setImmediate(keep);
  }
};

run();
