import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { BoundedJournal } from "../../../local/cloud/boundedJournal";
import { Journal } from "../../../local/cloud/journal";
import { UserError } from "../../../local/engine/stackFile";

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
    expect(() => journal.read())
      .to.throw(UserError)
      .with.property("message")
      .that.matches(/^\S+changes\.jsonl cannot be read: line 2 is not JSON\. Delete that file[^"]+anew\.$/)
      .and.does.not.include("hush");
  });

  it("acknowledges nothing that did not fit, and is read and goes on once there is room again", () => {
    const program = ["-r", resolve("local/engine/typescript.cjs"), resolve(__dirname, "journalUntilFull.ts"), path];
    const limited = 'ulimit -f 2048 && exec "$0" "$@"';
    const told = execFileSync("sh", ["-c", limited, process.execPath, ...program], { encoding: "utf8" });
    const acknowledged = JSON.parse(told) as number[];
    expect(acknowledged.length).to.be.within(2, 22);
    const journal = new Journal<{ n: number }>(path);
    journal.append({ n: 0 });
    journal.close();
    expect(journal.read().map(({ n }) => n)).to.deep.equal([...acknowledged, 0]);
    // The one that was too long is missing, what came after it is there.
    expect(acknowledged.at(-1)).to.equal(acknowledged.length + 1);
  });

  it("goes on after a line that was cut off, and not in it", () => {
    new Journal<{ n: number }>(path).append({ n: 1 });
    appendFileSync(path, '{"n":');
    const journal = new Journal<{ n: number }>(path);
    journal.append({ n: 2 });
    journal.close();
    expect(journal.read()).to.deep.equal([{ n: 1 }, { n: 2 }]);
  });

  it("leaves nothing of what there was no room for, where it would have begun anew", () => {
    symlinkSync("/dev/full", `${path}.new`);
    const journal = new Journal<{ n: number }>(path);
    journal.append({ n: 1 });
    expect(() => journal.rewrite([{ n: 2 }])).to.throw(/ENOSPC/);
    expect(readdirSync(folder)).to.deep.equal(["changes.jsonl"]);
    expect(journal.read()).to.deep.equal([{ n: 1 }]);
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
