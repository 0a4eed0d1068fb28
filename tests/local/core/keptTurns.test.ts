import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Clock } from "../../../local/cloud/clock";
import { Journal } from "../../../local/cloud/journal";
import { keepTurns, turnedNotices } from "../../../local/cloud/keptTurns";

describe("a clock whose turns are kept", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-clock-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = (realTime: number): Clock => {
    const clock = new Clock(() => realTime);
    keepTurns(clock, new Journal(join(folder, "clock.jsonl")));
    return clock;
  };

  it("goes on as far ahead of real time as it was turned", async () => {
    const first = open(1_000);
    expect(first.now()).to.equal(1_000);
    await first.turnTo(5_000);
    await first.turnTo(4_000);
    const second = open(2_000);
    expect([second.now(), second.offset()]).to.deep.equal([6_000, 4_000]);
    await second.turnTo(7_000);
    expect(open(2_000).now()).to.equal(7_000);
  });

  it("says so to whoever starts", async () => {
    const first = open(0);
    expect(turnedNotices(first)).to.deep.equal([]);
    await first.turnTo(5_400_000);
    expect(turnedNotices(open(0))).to.deep.equal([
      "it is 1970-01-01 01:30 UTC here: an earlier run turned the clock, by 1.50 hours",
    ]);
  });

  it("has where a turn leads written down before anything happens on the way", async () => {
    const first = open(1_000);
    const seen: number[] = [];
    first.at(3_000, "work", () => seen.push(open(1_000).now()));
    await first.turnTo(5_000);
    expect(seen).to.deep.equal([5_000]);
  });
});
