import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";

const root = resolve(__dirname, "../..");
const read = (file: string): string => readFileSync(resolve(root, file), "utf8");

describe("the documents", () => {
  it("are made anew when events, settings or alarms change", (done) => {
    execFile(
      process.execPath,
      ["-r", "./local/engine/typescript.cjs", "commands/docs.ts", "--check"],
      { cwd: root },
      (error, _, stderr) => {
        done(error ? new Error(stderr) : undefined);
      },
    );
  });

  it("link only to what exists", () => {
    for (const file of ["README.md", "CONTRIBUTING.md", "docs/operations.md", "docs/reference.md"]) {
      for (const [, link = ""] of read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        expect(existsSync(resolve(root, file, "..", link)), `${file}: ${link}`).to.equal(true);
      }
    }
  });

  it("name every npm script", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    for (const script of Object.keys(scripts)) {
      expect(read("README.md")).to.match(new RegExp(`npm (run )?${script}\\b`));
    }
  });

  it("say what to do for every alarm", () => {
    const operations = read("docs/operations.md");
    for (const [, alarm = ""] of read("docs/reference.md").matchAll(
      /^\| ([a-z-]+) \| .* \| (?:alarms|dlq-notifications|validation-error) \|$/gm,
    )) {
      const kind = alarm.replace(/^(mark-earnings-processed|outbox-sweeper)/, "");
      expect(operations.includes(`<f>${kind}\``) || operations.includes(`${kind}\``), alarm).to.equal(true);
    }
  });
});

describe("the workflows", () => {
  it("pin every action to a commit, and keep credentials from forks", () => {
    for (const file of ["check", "deploy"]) {
      const text = read(`.github/workflows/${file}.yml`);
      const used = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
      expect(used.length).to.be.greaterThan(2);
      for (const action of used) expect(action).to.match(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(text).not.to.match(/AWS_(ACCESS_KEY|SECRET)/);
    }
    expect(read(".github/workflows/check.yml")).to.include("head.repo.full_name == github.repository");
  });
});
