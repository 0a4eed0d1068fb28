import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { forgetUnused } from "../../../local/engine/forgetUnused";

const day = 24 * 3_600_000;
const now = Date.parse("2026-11-29T12:00:00Z");

describe("what is kept of sources", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-kept-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const keep = (name: string, readDaysAgo: number, writtenDaysAgo: number): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "made");
    utimesSync(path, new Date(now - readDaysAgo * day), new Date(now - writtenDaysAgo * day));
    return path;
  };

  it("is forgotten once nobody has read it for a fortnight, and nothing else is", async () => {
    const gone = [keep("typescript/old.js", 15, 40), keep("v8/v24/old", 15, 15), keep("bundles/old", 20, 20)];
    const stay = [
      keep("typescript/read.js", 13, 40),
      keep("bundles/new", 15, 0),
      keep("modules/program.compiled", 40, 40),
      keep("types.tsbuildinfo", 40, 40),
    ];
    await forgetUnused(folder, now);
    expect(gone.map(existsSync)).to.deep.equal([false, false, false]);
    expect(stay.map(existsSync)).to.deep.equal([true, true, true, true]);
  });

  it("is looked over once a day", async () => {
    await forgetUnused(folder, now);
    const old = keep("typescript/old.js", 15, 15);
    await forgetUnused(folder, now + day / 2);
    expect(existsSync(old)).to.equal(true);
    await forgetUnused(folder, now + day);
    expect(existsSync(old)).to.equal(false);
  });

  it("is left alone where there is no such folder", () => forgetUnused(join(folder, "nowhere"), now));
});
