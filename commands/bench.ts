import { UserError } from "../local/engine/stackFile";
import { analysis } from "./bench/analysis";
import { artifacts } from "./bench/artifacts";
import { cost } from "./bench/cost";
import { events } from "./bench/events";
import { files } from "./bench/files";
import { ingest } from "./bench/ingest";
import { local } from "./bench/local";
import { operations } from "./bench/operations";
import { start } from "./bench/start";
import { stream } from "./bench/stream";
import { command } from "./commandLine";

/** Each measures something that the documents claim, and prints it. */
const benches: Record<string, { measures: string; run: () => Promise<void> }> = {
  analysis: {
    measures: "ratings a second, the workflow around them, and how fast and well they are searched",
    run: analysis,
  },
  artifacts: { measures: "size and load time of the functions, beside Pulumi's default packaging", run: artifacts },
  events: {
    measures: "ledger events a minute, how long they take, the same by either path, and an audit of 10,000 operations",
    run: events,
  },
  files: { measures: "how long a statement of 50 MB takes, and how much memory", run: files },
  cost: { measures: "what an event, a rating and a record of the stream cost on AWS, by the meter", run: cost },
  ingest: { measures: "normalising, planning and storing the market's data, and what it costs", run: ingest },
  local: { measures: "events a second and latencies through the embedded cloud", run: local },
  stream: { measures: "events of experiments a second, and what they cost, beside simpler ways", run: stream },
  operations: {
    measures: "what logs and metrics take of an invocation, and what retries add at worst",
    run: operations,
  },
  start: { measures: "how long npm start takes to be there, and what it takes of the machine", run: start },
};

const usage = [
  "Usage: npm run bench -- NAME",
  "",
  ...Object.entries(benches).map(([name, { measures }]) => `  ${name.padEnd(12)}${measures}`),
].join("\n");

command(async ([name, ...rest]) => {
  const bench = name !== undefined && Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (!bench || rest.length > 0) throw new UserError(usage);
  await bench.run();
});
