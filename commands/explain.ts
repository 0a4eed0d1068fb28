import { explain } from "../functions/processing/analysis/explain";
import { UserError } from "../local/engine/stackFile";
import { command, readArgsAbout } from "./commandLine";
import { recompute } from "./explain/recompute";
import { readRatings, type Stored } from "./explain/stored";
import { openGiven, platformOptions } from "./platform";
import { visible, visibleJson, visibleLines } from "./visible";

const usage = `Usage: npm run explain -- SYMBOL [OPTIONS]

Prints a company's rating as a reasoned table: every component, what it says and why, and from which versions of which
reports it was computed.

  SYMBOL           such as AAPL
  --id ANALYSIS    one analysis of the past, by its id (default the newest that was completed)
  --history        list the analyses instead, newest first
  --recompute      compute the rating anew from the versions that it names, and say whether it comes out the same
  --json           print the rating as it is stored
  --stack NAME     the stack (default dev)
  --endpoint URL   where the embedded cloud listens (default http://127.0.0.1:4566)
  --aws            read from AWS instead, with the credentials and the region of the environment
  --help           this text`;

const options = {
  id: { type: "string" },
  history: { type: "boolean", default: false },
  recompute: { type: "boolean", default: false },
  ...platformOptions,
} as const;

const historyLine = ({ row }: Stored): string => {
  const confidence = row.confidence === undefined ? "" : `confidence ${Math.round(row.confidence * 100)} %`;
  const rating = row.investment_rating ?? row.status;
  return [row.analysis_date.slice(0, 16), row.analysis_id, rating.padEnd(11), confidence, row.reason].join("  ");
};

command(async (args) => {
  const { about, ...given } = readArgsAbout(args, options, usage);
  const [symbol, another] = about;
  if (given.help) return console.log(usage);
  if (symbol === undefined || another !== undefined) throw new UserError(`Name one company.\n\n${usage}`);
  const platform = await openGiven(given);
  const ratings = await readRatings(platform, symbol.toUpperCase());
  if (given.history) return console.log(ratings.list.map(historyLine).map(visible).join("\n"));
  const { rating } = await ratings.pick(given.id);
  if (given.json) return console.log(visibleJson(rating));
  console.log(visibleLines(explain(rating)));
  if (given.recompute) console.log(await recompute(platform, rating));
});
