import { createReadStream, statSync } from "node:fs";
import { validate } from "../functions/processing/events/validate";
import { Failure } from "../functions/processing/failure";
import { dateOrder, decimalMark, mostBadLines } from "../functions/processing/ledger/file";
import { currency } from "../functions/processing/ledger/money";
import type { Hints } from "../functions/processing/statements/statement";
import { UserError } from "../local/engine/stackFile";
import { command, readArgsAbout } from "./commandLine";
import { printed } from "./statement/print";
import { tryReading } from "./statement/tryReading";
import { visibleJson } from "./visible";

const usage = `Usage: npm run statement -- FILE [OPTIONS]

Shows what would be read from a bank's statement (CSV, OFX or QFX), and stores nothing.

  --currency CODE     of the account, such as EUR
  --date-order ORDER  DMY, MDY or YMD, where the file does not tell
  --decimal-mark M    . or , where the file does not tell
  --most N            how many bookings to show (default 20)
  --json              for machines, with all that was read
  --help              this text`;

const options = {
  currency: { type: "string" },
  "date-order": { type: "string" },
  "decimal-mark": { type: "string" },
  most: { type: "string", default: "20" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** It is read twice: once to find out how, and once more. */
const refuseOther = (path: string): void => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UserError(`There is no file ${path}.`);
  if (found.isDirectory()) throw new UserError(`${path} is a folder. Name one file in it.`);
  if (!found.isFile()) throw new UserError(`${path} is no file that could be read twice.`);
};

type Given = ReturnType<typeof read>;
const read = (args: string[]) => readArgsAbout(args, options, usage);

const hintsOf = ({ currency: code, "date-order": order, "decimal-mark": mark }: Given): Hints => ({
  currency: code === undefined ? undefined : validate(currency, code, "--currency"),
  dateOrder: order === undefined ? undefined : validate(dateOrder, order, "--date-order"),
  decimalMark: mark === undefined ? undefined : validate(decimalMark, mark, "--decimal-mark"),
});

command(async (args) => {
  const given = read(args);
  if (given.help) return console.log(usage);
  const [path, another] = given.about;
  if (path === undefined || another !== undefined) throw new UserError(`Name one file.\n\n${usage}`);
  if (!/^\d{1,7}$/.test(given.most)) throw new UserError("--most must be a whole number.");
  refuseOther(path);
  try {
    const most = given.json ? Number.POSITIVE_INFINITY : Number(given.most);
    const result = await tryReading({ open: () => createReadStream(path) }, hintsOf(given), most, mostBadLines);
    console.log(given.json ? visibleJson(result) : printed(result));
  } catch (error) {
    if (!(error instanceof Failure) || error.category !== "validation") throw error;
    throw new UserError(`${error.message}.`);
  }
});
