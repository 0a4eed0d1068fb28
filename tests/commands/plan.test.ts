import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { expect } from "chai";
import type { Plan } from "../../commands/plan/plan";

const root = resolve(__dirname, "../..");

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const plan = (...args: string[]): Promise<Ended> =>
  new Promise((done) => {
    execFile(
      process.execPath,
      ["-r", "./local/engine/typescript.cjs", "commands/plan.ts", ...args],
      { cwd: root, maxBuffer: 10_000_000 },
      (error, stdout, stderr) => done({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });

describe("npm run plan", () => {
  it("tells machines what would be built", async () => {
    const { code, stdout } = await plan("--stack", "prod", "--json");
    expect(code).to.equal(0);
    const planned = JSON.parse(stdout) as Plan;
    expect(planned.stack).to.equal("prod");
    const [first] = planned.functions;
    expect(first).to.include({ name: "mark-earnings-processed", memory: 256, timeout: 30, files: 2 });
    expect(first?.trigger).to.equal("earningsProcessed → queue signal9-prod-mark-earnings-processed, 10 a batch");
    expect(first?.zipBytes).to.be.within(50_000, 300_000);
    expect(first?.statements).to.deep.include({
      effect: "Allow",
      actions: ["dynamodb:GetItem", "dynamodb:PutItem"],
      resources: ["arn:aws:dynamodb:us-east-1:123456789012:table/signal9-prod-earnings-calendar"],
    });
    expect(planned.outputs).to.have.property("bus");
    const byAwsx = planned.resources.filter(({ madeBy }) => madeBy === "awsx:ec2:Vpc");
    expect(byAwsx.filter(({ type }) => type === "aws:ec2/natGateway:NatGateway")).to.have.length(2);
    expect(planned.totals.resources).to.equal(planned.resources.length);
  });

  it("tells people in words, and what is switched off", async () => {
    const { stdout } = await plan();
    expect(stdout).to.match(/^Signal9, stack dev: \d+ resources, 2 functions, \d+ KB of code\n/);
    expect(stdout).to.include("    may GetItem, PutItem on table earnings-calendar\n");
    expect(stdout).to.include("    may Query on table event-store, index pending\n");
    expect(stdout).to.include("    runs on   rate(5 minutes)\n");
    expect(stdout).to.include("  alarm mails: set alarmEmail\n");
    expect(stdout).to.include("  bus.name = signal9-dev-events\n");
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
