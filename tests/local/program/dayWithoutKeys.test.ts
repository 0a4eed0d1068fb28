import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { LogLine } from "./book";

interface Found {
  logs: Record<string, LogLine[]>;
  jobs: Record<string, unknown>[];
  letters: unknown[];
}

const root = resolve(__dirname, "../../..");

describe("a day without any provider's key", function () {
  this.timeout(60_000);
  let found: Found;
  before(async () => {
    const script = join(__dirname, "withoutKeys.ts");
    const { stdout } = await promisify(execFile)(process.execPath, ["-r", "./local/engine/typescript.cjs", script], {
      cwd: root,
      maxBuffer: 100_000_000,
    });
    found = JSON.parse(stdout) as Found;
  });

  it("says so, and fails nowhere", () => {
    const providers = { "asset-sync": "Alpaca", "earnings-sync": "AlphaVantage", "news-sync": "AlphaVantage" };
    for (const [label, provider] of Object.entries(providers)) {
      const ends = (found.logs[label] ?? []).flatMap(({ result }) => (result === undefined ? [] : [result]));
      expect(ends, label).to.deep.equal([{ skipped: `no key for ${provider} is set` }]);
    }
    for (const [label, lines] of Object.entries(found.logs)) {
      expect(
        lines.filter(({ level }) => level === "ERROR" || level === "WARN"),
        label,
      ).to.deep.equal([]);
    }
    expect(found.letters).to.deep.equal([]);
  });

  it("keeps the work that was asked for", () => {
    const outcomes = (found.logs["ingestion"] ?? []).flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome]));
    expect(outcomes).to.deep.equal(["waiting: no key for AlphaVantage is set"]);
    expect(found.jobs).to.have.length(1);
    expect(found.jobs[0]).to.include({ job_id: "ingestion#AAPL#earnings", status: "enqueued", attempts: 0 });
  });
});
