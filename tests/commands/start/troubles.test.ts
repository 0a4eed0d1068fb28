import { expect } from "chai";
import { hopeless, neverWorked, troublesIn } from "../../../commands/start/troubles";
import type { EmbeddedCloud } from "../../../local/embedded";

interface Ended {
  succeeded: number;
  failed: number;
  lastError?: string;
}

const having = (functions: Record<string, Ended>): EmbeddedCloud =>
  ({ services: { lambda: { stats: () => ({ functions }) } } }) as unknown as EmbeddedCloud;

const well = { succeeded: 5_000, failed: 0 };
const sometimes = { succeeded: 1, failed: 900, lastError: "Error: now and then" };
const never = (failed: number) => ({ succeeded: 0, failed, lastError: "Error: at load" });

describe("functions that fail", () => {
  it("are named with how often and why, and those that never worked are known", () => {
    const troubles = troublesIn(having({ well, sometimes, never: never(3), idle: { succeeded: 0, failed: 0 } }));
    expect(troubles).to.deep.equal([
      { function: "sometimes", failed: 900, invocations: 901, error: "Error: now and then" },
      { function: "never", failed: 3, invocations: 3, error: "Error: at load" },
    ]);
    expect(troubles.map(neverWorked)).to.deep.equal([false, true]);
  });

  it("are waited for unless one of them has done nothing but fail, a hundred times", () => {
    expect(hopeless(having({ well, sometimes, never: never(99) }))).to.equal(undefined);
    expect(hopeless(having({ well, sometimes, never: never(100) }))?.function).to.equal("never");
  });
});
