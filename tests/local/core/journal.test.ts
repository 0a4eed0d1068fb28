import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Journal } from "../../../local/cloud/journal";

describe("a journal", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-journal-"));
    path = join(folder, "changes.jsonl");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("gives back what was appended, also by another who opens it", () => {
    const journal = new Journal<{ n: number }>(path);
    expect(journal.read()).to.deep.equal([]);
    journal.append({ n: 1 });
    journal.append({ n: 2 });
    expect(new Journal<{ n: number }>(path).read()).to.deep.equal([{ n: 1 }, { n: 2 }]);
    journal.close();
  });

  it("leaves out a line that was cut off", () => {
    const journal = new Journal<{ n: number }>(path);
    journal.append({ n: 1 });
    journal.close();
    appendFileSync(path, '{"n":');
    expect(journal.read()).to.deep.equal([{ n: 1 }]);
  });

  it("begins anew with what still counts, and goes on from there", () => {
    const journal = new Journal<{ n: number }>(path);
    journal.append({ n: 1 });
    journal.rewrite([{ n: 7 }]);
    journal.append({ n: 8 });
    journal.close();
    expect(readFileSync(path, "utf8")).to.equal('{"n":7}\n{"n":8}\n');
  });
});
