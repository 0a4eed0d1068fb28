import { expect } from "chai";
import { deathReport, type Verdict } from "../../../local/lambda/failures";
import type { Exit } from "../../../local/lambda/process";

const said = (exit: Exit, verdict?: Verdict) => deathReport(exit, verdict, "r1", 3_000);
const killed: Exit = { code: null, signal: "SIGKILL" };

describe("how Lambda words the end of a process", () => {
  it("as a timeout", () => {
    expect(said(killed, "timeout")).to.deep.equal({
      errorType: "Sandbox.Timedout",
      errorMessage: "RequestId: r1 Error: Task timed out after 3.00 seconds",
    });
  });

  it("as a lack of memory", () => {
    expect(said({ code: null, signal: "SIGABRT" }, "memory")).to.deep.equal({
      errorType: "Runtime.OutOfMemory",
      errorMessage: "RequestId: r1 Error: Runtime exited with error: signal: killed",
    });
  });

  const exits: [Exit, string][] = [
    [{ code: 1, signal: null }, "Runtime exited with error: exit status 1"],
    [{ code: 0, signal: null }, "Runtime exited without providing a reason"],
    [{ code: null, signal: null }, "Runtime exited with error: exit status unknown"],
    [killed, "Runtime exited with error: signal: killed"],
    [{ code: null, signal: "SIGSEGV" }, "Runtime exited with error: signal: segmentation fault"],
    [{ code: null, signal: "SIGUSR1" }, "Runtime exited with error: signal: SIGUSR1"],
  ];
  for (const [exit, message] of exits) {
    it(`as "${message}"`, () => {
      expect(said(exit)).to.deep.equal({
        errorType: "Runtime.ExitError",
        errorMessage: `RequestId: r1 Error: ${message}`,
      });
    });
  }
});
