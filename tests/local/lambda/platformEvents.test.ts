import { expect } from "chai";
import { complete, reportLines } from "../../../local/lambda/outcome";
import { aConfig } from "./functions";

const now = Date.UTC(2026, 0, 9);
const error = (errorType: string) => Buffer.from(JSON.stringify({ errorType, errorMessage: "no" }));
const spent = { requestId: "r1", durationMs: 10.12345, initMs: undefined, maxMemoryMb: 60 };
const written = (...completed: Parameters<typeof complete>) =>
  reportLines(now, aConfig(), complete(...completed)).map((line) => JSON.parse(line) as unknown);

describe("the platform's report", () => {
  it("tells a cold success in one line, and bills the loading", () => {
    expect(written({ kind: "success", payload: Buffer.from("1") }, { ...spent, initMs: 100.5 })).to.deep.equal([
      {
        time: "2026-01-09T00:00:00.000Z",
        type: "platform.report",
        record: {
          requestId: "r1",
          status: "success",
          functionName: "ratings",
          metrics: {
            durationMs: 10.123,
            billedDurationMs: 111,
            memorySizeMB: 256,
            maxMemoryUsedMB: 60,
            initDurationMs: 100.5,
          },
        },
      },
    ]);
  });

  for (const [errorType, status] of [
    ["TypeError", "error"],
    ["Sandbox.Timedout", "timeout"],
  ] as const) {
    it(`tells ${errorType} as ${status}, with its end in a line of its own`, () => {
      const lines = written({ kind: "error", functionError: "Unhandled", payload: error(errorType) }, spent);
      expect(lines).to.have.length(2);
      expect(lines[0]).to.deep.equal({
        time: "2026-01-09T00:00:00.000Z",
        type: "platform.runtimeDone",
        record: { requestId: "r1", status, errorType, metrics: { durationMs: 10.123 } },
      });
      expect(lines[1]).to.have.nested.include({ type: "platform.report", "record.status": status });
      expect(lines[1]).to.have.nested.property("record.metrics").that.does.not.have.property("initDurationMs");
    });
  }
});
