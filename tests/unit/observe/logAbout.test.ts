import { expect } from "chai";
import { Failure } from "../../../functions/processing/failure";
import { logAbout, makeLogger } from "../../../functions/processing/observe/log";
import { captureOutput, type Line } from "../../wire/output";
import { context } from "../../wire/world";

describe("a log about something", () => {
  const linesOf = async (work: () => void): Promise<Line[]> => (await captureOutput(async () => work())).lines;

  it("says it in each of its lines, before what the line says itself, and in no other log's", async () => {
    const logger = makeLogger("f");
    const message = logAbout(logger, { messageId: "m" });
    const lines = await linesOf(() => {
      logAbout(message, { eventId: "e" }).info("handled", { outcome: "done" });
      message.warn("on its own");
      logger.error("all of it");
    });
    expect(lines.map(({ level, messageId, eventId, outcome }) => [level, messageId, eventId, outcome])).to.deep.equal([
      ["INFO", "m", "e", "done"],
      ["WARN", "m", undefined, undefined],
      ["ERROR", undefined, undefined, undefined],
    ]);
    expect(Object.keys(lines[0] ?? {}).slice(-3)).to.deep.equal(["messageId", "eventId", "outcome"]);
  });

  it("says from then on what comes to be known, also that of a log which is told in full", async () => {
    const lines = await linesOf(() => {
      const log = logAbout(makeLogger("f"), { eventId: "e" });
      log.appendKeys({ job: "j" });
      log.info("one");
      logAbout(log, { eventId: "e-2" }).info("two", { job: "other" });
      process.env["DEBUG_LOG_PERCENT"] = "100";
      const whole = logAbout(log, { correlationId: "c" });
      delete process.env["DEBUG_LOG_PERCENT"];
      whole.debug("three");
      logAbout(whole, { eventId: "e-3" }).debug("four");
    });
    expect(lines.map(({ message, eventId, job }) => [message, eventId, job])).to.deep.equal([
      ["one", "e", "j"],
      ["two", "e-2", "other"],
      ["three", "e", "j"],
      ["four", "e-3", "j"],
    ]);
  });

  it("has the invocation's own story where it is about no other, whether it was a cold start, and the stack of what failed", async () => {
    // As in a function: elsewhere no start is cold.
    process.env["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand";
    const logger = makeLogger("f");
    delete process.env["AWS_LAMBDA_INITIALIZATION_TYPE"];
    const lines = await linesOf(() => {
      for (const awsRequestId of ["first", "second"]) {
        logger.addContext({ ...context(), awsRequestId });
        logAbout(logger, { eventId: "e" }).error("failed", { error: new Error("why") });
      }
      logAbout(logger, { correlationId: "c" }).info("told");
    });
    expect(lines.map(({ correlationId, coldStart }) => [correlationId, coldStart])).to.deep.equal([
      ["first", true],
      ["second", false],
      ["c", false],
    ]);
    expect(lines[0]?.["error"]).to.include({ name: "Error", message: "why" });
    expect(lines[0]?.["error"]).to.have.property("stack");
  });

  it("says of what failed its category and its reason, redacted, unless the line has its own words for them", async () => {
    const refused = Object.assign(new Error("not authorized, token=abc"), { name: "AccessDeniedException" });
    const invalid = new Failure("validation", "event.id is missing", { origin: "input", field: "event.id" });
    const lines = await linesOf(() => {
      const log = logAbout(makeLogger("f"), {});
      log.error("refused", { error: refused });
      log.warn("invalid", { error: invalid });
      log.warn("odd", { error: "no error at all" });
      log.error("own", { error: refused, reason: "its own words" });
    });
    expect(lines.map(({ category, kind, field, reason }) => [category, kind, field, reason])).to.deep.equal([
      ["denied", "Permission", undefined, "AccessDeniedException: not authorized, token=[redacted]"],
      ["validation", "Validation", "event.id", "event.id is missing"],
      ["permanent", "Other", undefined, "no error at all"],
      ["denied", "Permission", undefined, "its own words"],
    ]);
  });
});
