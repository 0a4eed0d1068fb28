import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { BoundedJournal } from "../../../local/cloud/boundedJournal";
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

  it("is for its owner's eyes only, and quotes nothing of a line that it cannot read", () => {
    const journal = new Journal<{ n: number }>(path);
    const mode = () => (statSync(path).mode & 0o777).toString(8);
    journal.append({ n: 1 });
    expect(mode()).to.equal("600");
    journal.rewrite([{ n: 1 }]);
    expect(mode()).to.equal("600");
    appendFileSync(path, "hush\n");
    expect(() => journal.read()).to.throw(/changes\.jsonl: line 2 is not JSON$/);
  });

  it("that is bounded begins anew with what still counts, when it has grown too long", () => {
    const counts = new Set([1, 2]);
    const story = () => [...counts].map((n) => ({ n }));
    const journal = new BoundedJournal(new Journal<{ n: number }>(path), story, 40);
    const lines = () => readFileSync(path, "utf8").split("\n").length - 1;
    expect(lines()).to.equal(2);
    journal.append([{ n: 1 }, { n: 1 }, { n: 1 }]);
    expect(lines()).to.equal(5);
    journal.append([{ n: 1 }]);
    expect(lines()).to.equal(2);
    for (let n = 3; n < 9; n++) counts.add(n);
    journal.cutDown();
    for (let n = 0; n < 8; n++) journal.append([{ n: 1 }]);
    expect(lines()).to.equal(16);
    journal.append([{ n: 1 }]);
    expect(lines()).to.equal(8);
    journal.close();
  });
});
