import { constants } from "node:os";
import { parseArgs } from "node:util";
import { UserError } from "../local/engine/stackFile";
import { visibleLines } from "./visible";

/** What the machine lacks, and what to do about it. */
const lacks: Record<string, string> = {
  EMFILE: "More files would have to be open than this shell allows. Allow more, and try again: ulimit -n 4096",
  ENOSPC: "There is no room left on the disk.",
};

const adviceFor = (error: unknown): string | undefined =>
  error instanceof UserError ? error.message : lacks[(error as NodeJS.ErrnoException | undefined)?.code ?? ""];

/** As other programs end when nobody reads on, as of `| head`. */
const endUnread = (): never => process.exit(128 + constants.signals.SIGPIPE);

/** Runs a command's work: what its user can mend is one message and exit status 2, anything else shows its stack. */
export const command = (work: (args: string[]) => Promise<void>, onUnread: () => void = endUnread): void => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      onUnread();
    });
  }
  work(process.argv.slice(2)).catch((error: unknown) => {
    const advice = adviceFor(error);
    if (advice !== undefined) {
      console.error(visibleLines(advice));
      process.exitCode = 2;
    } else {
      console.error(error);
      process.exitCode = 1;
    }
  });
};

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

/** Parses `args`, or refuses them with the usage text. */
export const readArgs = <O extends Options>(args: string[], options: O, usage: string) =>
  parse(args, options, usage, false).values;

/** The same, for a command that is told what it is about besides. */
export const readArgsAbout = <O extends Options>(args: string[], options: O, usage: string) => {
  const { values, positionals } = parse(args, options, usage, true);
  return { ...values, about: positionals };
};

/** The option that was given an empty value, as a variable that is not set would be; unless it is empty by default. */
const emptyOne = (values: Record<string, unknown>, options: Options): string | undefined =>
  Object.keys(values).find((name) => values[name] === "" && options[name]?.default !== "");

const parse = <O extends Options>(args: string[], options: O, usage: string, allowPositionals: boolean) => {
  try {
    const parsed = parseArgs({ args, options, allowPositionals, strict: true });
    const empty = emptyOne(parsed.values, options);
    if (empty !== undefined) throw new Error(`--${empty} was given an empty value`);
    return parsed;
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
};
