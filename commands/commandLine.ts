import { parseArgs } from "node:util";
import { UserError } from "../local/engine/stackFile";

/** Runs a command's work: a mistake of the user's is one message and exit status 2, anything else shows its stack. */
export const command = (work: (args: string[]) => Promise<void>): void => {
  work(process.argv.slice(2)).catch((error: unknown) => {
    if (error instanceof UserError) {
      console.error(error.message);
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

const parse = <O extends Options>(args: string[], options: O, usage: string, allowPositionals: boolean) => {
  try {
    return parseArgs({ args, options, allowPositionals, strict: true });
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
};
