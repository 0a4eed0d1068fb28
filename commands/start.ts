import "../local/engine/keptModules";
import { resolve } from "node:path";
import { startProgramProcess } from "../local/engine/apart/runApart";
import { UserError } from "../local/engine/stackFile";
import { command, readArgs } from "./commandLine";

const usage = `Usage: npm start [-- OPTIONS]

Brings the whole platform up on this machine: no AWS account, no Docker.

  --once        run a trading day, one event of each kind, a person's morning with the ledger, and an experiment of
                10,000 records; show what came of them, stop; status 0 if nothing was lost and every function works
  --live        call the real providers, with the keys in ALPACA_KEY_ID, ALPACA_SECRET_KEY, ALPHA_VANTAGE_KEY
  --json        print the result for machines (with --once)
  --stack NAME  the stack whose settings are used (default dev)
  --port N      the port of the endpoint on 127.0.0.1 (default 4566; 0 takes any that is free)
  --data DIR    keep data, messages, work under way, secrets, logs, metrics and the time in DIR across restarts
  --quiet       print results only
  --help        this text`;

const options = {
  once: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  live: { type: "boolean", default: false },
  stack: { type: "string", default: "dev" },
  port: { type: "string", default: "4566" },
  data: { type: "string" },
  quiet: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const portOf = (text: string): number => {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UserError(`--port must be a number from 0 to 65535, not ${text}`);
};

const stop = new AbortController();

/** Aborts at the first Ctrl-C; a second one ends at once, as it always does. */
const abortWhenAsked = (): void => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort(signal));
};

/** Fails by whatever escapes to where nobody waits for it, such as a timer, once the work has stopped for that. */
const failByEscaped = async (work: () => Promise<void>): Promise<void> => {
  const failures: unknown[] = [];
  process.on("uncaughtException", (error) => {
    failures.push(error);
    stop.abort(error);
  });
  await work().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
};

const start = async (args: string[]): Promise<void> => {
  const given = readArgs(args, options, usage);
  if (given.help) return console.log(usage);
  if (given.json && !given.once) throw new UserError("--json prints what came of --once: npm start -- --once --json");
  const wanted = {
    ...given,
    quiet: given.quiet || given.json,
    root: resolve(__dirname, ".."),
    port: portOf(given.port),
    dataFolder: given.data === undefined ? undefined : resolve(given.data),
  };
  abortWhenAsked();
  await failByEscaped(async () => {
    // Pulumi takes as long to load as the cloud does: both do so at the same time.
    const program = startProgramProcess();
    try {
      const { run } = require("./start/run") as typeof import("./start/run");
      await run({ ...wanted, program }, stop.signal);
    } finally {
      await program.end();
    }
  });
};

command(start, () => stop.abort("SIGPIPE"));
