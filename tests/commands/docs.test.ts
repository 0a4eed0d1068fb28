import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { mayFollow, statuses } from "../../functions/processing/state/status";
import { tableSpecs } from "../../infra/tables";

const root = resolve(__dirname, "../..");
const read = (file: string): string => readFileSync(resolve(root, file), "utf8");

const pages = readdirSync(resolve(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((page) => /\.(md|json)$/.test(page))
  .map((page) => `docs/${page}`);

/** As a link names them. */
const headingsOf = (page: string): string[] =>
  [...readFileSync(page, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );

describe("the documents", () => {
  it("are made anew when events, settings or alarms change", function (done) {
    this.timeout(60_000);
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
    for (const file of ["README.md", "CONTRIBUTING.md", ...pages]) {
      for (const [, link = "", heading] of read(file).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)) {
        const page = link ? resolve(root, file, "..", link) : resolve(root, file);
        expect(existsSync(page), `${file}: ${link}`).to.equal(true);
        if (heading) expect(headingsOf(page), `${file}: ${link}#${heading}`).to.include(heading);
      }
    }
  });

  it("lead from every page that says to roll back to how that is done", () => {
    const saying = pages.filter((page) => page.includes("/runbooks/") && /roll(ed)? back/i.test(read(page)));
    expect(saying).to.have.length.greaterThan(3);
    for (const page of saying) expect(read(page), page).to.include("[roll back](../operations.md#roll-back)");
  });

  it("name every npm script", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const [, listed = ""] = read("README.md").split("| script | what it does |");
    for (const script of Object.keys(scripts)) {
      expect(listed).to.match(new RegExp(`npm (run )?${script}\\b`));
    }
  });

  it("say what to do for every alarm, how grave it is, and whom it tells", () => {
    const [, listed = ""] = read("docs/reference.md").split("| alarm | fires when | how grave | tells | what to do |");
    const rows = [...listed.matchAll(/^\| ([a-z-]+[a-z]) \| (.+) \| (.*) \| (.*) \| \[(.*)\]\((.*)\) \|$/gm)];
    const alarms = rows.map(([, name = ""]) => name);
    expect(alarms).to.include.members(["ingestion-cache", "outbox-sweeper-silent", "pollination-planner-failures"]);
    for (const [, name = "", when, gravity, topic, kind, page] of rows) {
      expect([when, topic], name).to.not.include("");
      expect(gravity, name).to.be.oneOf(["critical", "warning"]);
      expect(page, name).to.equal(`runbooks/${kind}.md`);
    }
  });

  it("say the AWS CLI's region as each version reads it, and which version where only one does what they say", () => {
    for (const page of ["README.md", ...pages]) {
      expect(read(page), page).not.to.include("AWS_REGION=");
      if (/--cli-binary-format|--cli-input-json/.test(read(page)))
        expect(read(page), page).to.include("AWS CLI version 2");
    }
    expect(read("README.md")).to.include("AWS CLI version 2");
    expect(read("docs/operations.md")).to.include("AWS CLI version 2");
  });

  it("draw the legal moves of a state as the program has them", () => {
    const rows = [...read("docs/market-data.md").matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)];
    const drawn = rows.flatMap(([, from = "", to = ""]) =>
      statuses.some((status) => status === from)
        ? [[from, [...to.matchAll(/`(\w+)`/g)].map(([, status]) => status)]]
        : [],
    );
    const legal = statuses.map((from) => [from, statuses.filter((to) => mayFollow(from, to))]);
    expect(new Map(drawn as [string, string[]][])).to.deep.equal(new Map(legal as [string, string[]][]));
  });

  it("name every table with its keys, and every way in which a provider can fail", () => {
    const text = read("docs/market-data.md");
    const tables = ["docs/ledger.md", "docs/experiment-stream.md"].reduce((all, page) => `${all}\n${read(page)}`, text);
    for (const [name, spec] of Object.entries<{ partition: string; sort?: string }>(tableSpecs)) {
      const keys = [spec.partition, ...(spec.sort ? [spec.sort] : [])].map((key) => `\`${key}\``).join(", ");
      expect(tables, name).to.include(`| \`${name}\` | ${keys} |`);
    }
    for (const problem of [
      "burst",
      "spent",
      "premium",
      "keyRejected",
      "unknownSymbol",
      "refused",
      "malformed",
      "unavailable",
    ])
      expect(text, problem).to.include(`| \`${problem}\``);
  });
});

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; steps: { uses?: string; run?: string }[] }>;
}

describe("the workflows", () => {
  const workflows = ["check", "deploy", "drift"];

  it("deploy what is in git: every page that sets a secret says to commit it", () => {
    for (const page of ["README.md", ...pages].filter((one) => /config set .*--secret/.test(read(one))))
      expect(read(page), page).to.match(/commit `Pulumi\.<stack>\.yaml`/);
  });

  it("look at AWS before they preview or deploy, as everybody's Pulumi does", () => {
    expect((parse(read("Pulumi.yaml")) as { options?: object }).options).to.deep.equal({ refresh: "always" });
    for (const file of workflows) expect(read(`.github/workflows/${file}.yml`)).not.to.include("--refresh");
  });

  it("pin every action to a commit, and keep credentials from forks", () => {
    for (const file of workflows) {
      const text = read(`.github/workflows/${file}.yml`);
      const used = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
      expect(used.length).to.be.greaterThan(2);
      for (const action of used) expect(action).to.match(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(text).not.to.match(/AWS_(ACCESS_KEY|SECRET)/);
    }
    expect(read(".github/workflows/check.yml")).to.include("head.repo.full_name == github.repository");
  });

  it("run no package's script and no test where a token for AWS can be had, and Pulumi at once when it is", () => {
    const jobs = workflows.flatMap((file) => {
      const workflow = parse(read(`.github/workflows/${file}.yml`)) as Workflow;
      expect(workflow.permissions, file).to.deep.equal({ contents: "read" });
      return Object.values(workflow.jobs);
    });
    const trusted = jobs.filter(({ permissions }) => permissions?.["id-token"] === "write");
    expect(trusted).to.have.length(4);
    for (const { steps } of trusted) {
      const at = steps.findIndex(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"));
      const commands = steps.flatMap(({ run }) => run ?? []);
      expect(commands.filter((run) => run.startsWith("npm"))).to.deep.equal(["npm ci --ignore-scripts"]);
      expect(steps.findIndex(({ run }) => run === "npm ci --ignore-scripts")).to.be.lessThan(at);
      expect(steps[at + 1]?.run).to.match(/npx pulumi (up|preview) /);
    }
    for (const { steps } of jobs.filter((job) => !trusted.includes(job)))
      expect(steps.filter(({ uses }) => uses?.startsWith("aws-actions/"))).to.deep.equal([]);
  });
});
