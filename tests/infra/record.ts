import { resolve } from "node:path";
import { predicted, unknown } from "../../local/engine/predicted";
import { type ProgramRun, runProgram } from "../../local/engine/program";
import { readStack, UserError } from "../../local/engine/stackFile";

/** What to run: a process of its own for each, since Pulumi keeps its stack in globals. */
export interface Recording {
  stack: string;
  preview?: boolean;
  /** Loads it as Pulumi's CLI does. */
  asPulumi?: boolean;
  /** Folder, beside this file, of another program than ours. */
  program?: string;
  /** Settings put over those of the stack file; null takes one away. */
  settings?: Record<string, string | null>;
}

export interface Recorded {
  run?: ProgramRun;
  /** A refusal meant for the user. */
  refused?: string;
}

const project = resolve(__dirname, "../..");

const record = async ({ stack, preview = false, program, settings: over = {} }: Recording): Promise<Recorded> => {
  const root = program === undefined ? project : resolve(__dirname, program);
  const settings = readStack(project, stack);
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete settings.config[key];
    else settings.config[key] = value;
  }
  try {
    const run = await runProgram({ root, stack, settings, cloud: preview ? unknown : predicted, preview });
    for (const resource of run.resources) resource.outputs = {};
    return { run };
  } catch (error) {
    if (error instanceof UserError) return { refused: error.message };
    throw error;
  }
};

const reply = async (recording: Recording): Promise<void> => {
  const recorded = await record(recording);
  process.send?.(recorded, () => process.disconnect());
};

if (process.send) process.once("message", (recording: Recording) => void reply(recording));
