import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "chai";
import type { Plan } from "../../commands/plan/plan";
import { printPlan } from "../../commands/plan/print";
import { copyProgram } from "../local/program/elsewhere";

const root = resolve(__dirname, "../..");

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const plan = (...args: string[]): Promise<Ended> => planIn(root, ...args);

const planIn = (cwd: string, ...args: string[]): Promise<Ended> =>
  new Promise((done) => {
    execFile(
      process.execPath,
      ["-r", "./local/engine/typescript.cjs", "commands/plan.ts", ...args],
      { cwd, maxBuffer: 10_000_000 },
      (error, stdout, stderr) => done({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });

/** Dollars a month, of dev and of prod. */
const saidInReadme = (row: string): (string | undefined)[] =>
  new RegExp(`^\\| ${row}[^|]*\\| (\\$[\\d.]+) \\| (\\$[\\d.]+) \\|$`, "m")
    .exec(readFileSync(resolve(root, "README.md"), "utf8"))
    ?.slice(1) ?? [];

const outdated = "README.md says in What it costs what another program costs";

describe("npm run plan", function () {
  this.timeout(60_000);

  it("tells machines what would be built", async () => {
    const { code, stdout } = await plan("--stack", "prod", "--json");
    expect(code).to.equal(0);
    const planned = JSON.parse(stdout) as Plan;
    expect(planned.stack).to.equal("prod");
    const functions = new Map(planned.functions.map((one) => [one.name, one]));
    expect([...functions.keys()]).to.deep.equal([...functions.keys()].sort());
    const marking = functions.get("mark-earnings-processed");
    expect(marking).to.include({ memory: 256, timeout: 30, files: 2 });
    expect(marking?.trigger).to.equal("earningsProcessed → queue signal9-prod-mark-earnings-processed, 10 a batch");
    expect(marking?.zipBytes).to.be.within(50_000, 300_000);
    expect(marking?.statements).to.deep.include({
      effect: "Allow",
      actions: ["dynamodb:GetItem", "dynamodb:PutItem"],
      resources: ["arn:aws:dynamodb:us-east-1:123456789012:table/signal9-prod-earnings-calendar"],
    });
    expect(functions.get("pollination-planner")?.trigger).to.equal("cron(0 6 * * ? *), cron(0 7 * * ? *)");
    expect(functions.get("analysis-batches")?.trigger).to.equal(
      "pollinationComplete → queue signal9-prod-analysis-batches, 8 a batch or what has come in 60 s",
    );
    expect(planned.outputs).to.have.property("bus");
    const byAwsx = planned.resources.filter(({ madeBy }) => madeBy === "awsx:ec2:Vpc");
    expect(byAwsx.filter(({ type }) => type === "aws:ec2/natGateway:NatGateway")).to.have.length(2);
    expect(planned.totals.resources).to.equal(planned.resources.length);
    const cost = new Map(
      planned.cost.map(({ what, count, monthly = 0 }) => [what, [count, Math.round(monthly * 100)]]),
    );
    expect(cost.get("NAT gateways")).to.deep.equal([2, 3_285]);
    expect(cost.get("search nodes with their storage")).to.deep.equal([2, 2_872]);
    expect(cost.get("interface endpoints")?.[1]).to.equal(1_460);
    for (const { what, monthly } of planned.cost) expect(monthly, what).to.be.a("number");
    const dollars = (lines: Plan["cost"]) =>
      `$${lines.reduce((sum, { count, monthly = 0 }) => sum + count * monthly, 0).toFixed(2)}`;
    expect(saidInReadme("all")[1], outdated).to.equal(dollars(planned.cost));
    const alarms = planned.cost.filter(({ what }) => what === "metrics read by alarms");
    expect(saidInReadme("alarms")[1], outdated).to.equal(dollars(alarms));
  });

  it("tells people in words, and what is switched off", async () => {
    const { stdout } = await plan();
    const [, functions] = /^Signal9, stack dev: \d+ resources, (\d+) functions, \d+ KB of code\n/.exec(stdout) ?? [];
    expect([...stdout.matchAll(/^ {4}runs on {3}/gm)]).to.have.length(Number(functions));
    expect(Number(functions)).to.be.at.least(9);
    expect(stdout).to.include("    may GetItem, PutItem on table earnings-calendar\n");
    expect(stdout).to.include("    may Scan on table event-store, index pending\n");
    expect(stdout).to.include("    runs on   rate(5 minutes)\n");
    expect(stdout).to.include("    runs on   cron(0 6 * * ? *), cron(0 7 * * ? *)\n");
    expect(stdout).to.include("    may GetObject, PutObject on bucket raw-answers, its objects\n");
    expect(stdout).to.include("    may SendMessage on queue ingestion\n");
    expect(stdout).to.include("    may GetSecretValue on secret cache-AbCdEf\n");
    expect(stdout).to.match(/^ {4}may CreateNetworkInterface, .* in ec2, which knows no resources$/m);
    expect(stdout).to.include("  alarm mails: set alarmEmail\n");
    expect(stdout).to.include("  Alpaca: set the secrets alpacaKeyId and alpacaSecretKey\n");
    expect(stdout).to.include("  AlphaVantage: set the secret alphaVantageKey\n");
    expect(stdout).to.include("  preferred companies: set watchlist\n");
    expect(stdout).to.include("  bus.name = signal9-dev-events\n");
    expect(stdout, outdated).to.include(`${saidInReadme("all")[0]}  a month\n`);
  });

  it("adds up what the functions reserve of the account, and warns where that is more than is usual", async function () {
    // A copy was never compiled before.
    this.timeout(120_000);
    const { folder, remove } = await copyProgram();
    try {
      writeFileSync(join(folder, "Pulumi.dev.yaml"), "config:\n  reservedConcurrency: 24\n");
      const planned = JSON.parse((await planIn(folder, "--json")).stdout) as Plan;
      const { totals } = planned;
      expect(totals.reservedConcurrency)
        .to.equal(24 * totals.functions)
        .and.greaterThan(900);
      const text = printPlan(planned);
      expect(text).to.include(`\n  reserves ${totals.reservedConcurrency} in all, 24 for each function\n`);
      expect(text).to.include("\n  that is more than the 900 ");
      const usual = printPlan({ ...planned, totals: { ...totals, reservedConcurrency: 900 } });
      expect(usual).to.include("\n  reserves 900 in all").and.not.include("more than");
      expect(printPlan({ ...planned, totals: { ...totals, reservedConcurrency: 0 } })).not.to.include("in all");
    } finally {
      await remove();
    }
  });

  it("answers a mistake with one clear message and no stack trace", async () => {
    const [stack, option] = [await plan("--stack", "nowhere"), await plan("--stak", "dev")];
    expect(stack).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: 'There is no stack "nowhere". Stacks here: dev, prod.\n',
    });
    expect(option.code).to.equal(2);
    expect(option.stderr).to.include("'--stak'").and.include("Usage: npm run plan").and.not.include("    at ");
  });

  it("shows how it is used", async () => {
    const { code, stdout } = await plan("--help");
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Usage: npm run plan/);
  });
});
