import { resolve } from "node:path";
import { readSettings } from "../infra/settings";
import { command, readArgs } from "./commandLine";
import { makePlan } from "./plan/plan";
import { printPlan } from "./plan/print";
import { runOffline } from "./runOffline";
import { visibleJson } from "./visible";

const usage = `Usage: npm run plan -- [--stack dev|prod] [--json]

Shows what the program would build, without an account and without the network.

  --stack NAME  the stack whose settings are used (default dev)
  --json        for machines
  --help        this text`;

command(async (args) => {
  const options = readArgs(
    args,
    { stack: { type: "string", default: "dev" }, json: { type: "boolean" }, help: { type: "boolean" } },
    usage,
  );
  if (options.help) return console.log(usage);
  const root = resolve(__dirname, "..");
  const run = await runOffline(root, options.stack);
  const plan = await makePlan(run, readSettings());
  console.log(options.json ? visibleJson(plan) : printPlan(plan));
});
