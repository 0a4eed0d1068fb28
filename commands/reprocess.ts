import { Failure } from "../functions/processing/failure";
import { UserError } from "../local/engine/stackFile";
import { command, readArgsAbout } from "./commandLine";
import { openPlatform, platformOptions } from "./platform";
import { pilesFor, remakeCompanies } from "./reprocess/companies";
import { commandRun, enter } from "./reprocess/environment";
import { remakeNews } from "./reprocess/news";
import { type Report, reportLines } from "./reprocess/print";
import { statusLine } from "./statusLine";
import { visible, visibleJson } from "./visible";

const usage = `Usage: npm run reprocess -- [SYMBOL…] [OPTIONS]

Makes what is stored anew from the answers of the providers that are kept, asking nobody: after a change of how they are
read, or to take over what could not be read when it came. What comes out otherwise becomes a version of its own, and the
one before is kept; nothing that was made from a younger answer is touched. Doing it twice is safe.

  SYMBOL…          these companies, such as AAPL; without any, all of them, and the news
  --dry-run        say what would come out otherwise, and write nothing
  --json           for machines
  --stack NAME     the stack (default dev)
  --endpoint URL   where the embedded cloud listens (default http://127.0.0.1:4566)
  --aws            AWS instead, with the credentials and the region of the environment
  --help           this text`;

const options = {
  "dry-run": { type: "boolean", default: false },
  ...platformOptions,
} as const;

command(async (args) => {
  const { about, "dry-run": dryRun, ...given } = readArgsAbout(args, options, usage);
  if (given.help) return console.log(usage);
  const endpoint = given.aws ? undefined : given.endpoint;
  const platform = await openPlatform(endpoint, given.stack);
  enter(platform, endpoint);
  const run = commandRun(platform);
  const symbols = [...new Set(about.map((symbol) => symbol.toUpperCase()))];
  const piles = await pilesFor(symbols, run).catch((error: unknown) => {
    throw error instanceof Failure ? new UserError(error.message) : error;
  });
  const missing = symbols.filter((symbol) => !piles.some(({ assetId }) => assetId === symbol));
  if (missing.length > 0) throw new UserError(`No answer about ${missing.join(", ")} is kept`);
  const tell = (done: number) => statusLine.tell(`${done} of ${piles.length}`);
  const { told, failed } = await remakeCompanies(piles, dryRun, tell, run);
  const news = symbols.length === 0 && { news: await remakeNews(dryRun, run) };
  statusLine.end();
  const report: Report = { dryRun, companies: told, failed, ...news };
  console.log(given.json ? visibleJson(report) : reportLines(report).map(visible).join("\n"));
  if (failed.length > 0) process.exitCode = 1;
});
