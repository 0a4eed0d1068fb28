import { told } from "../local/engine/failures";
import { predicted } from "../local/engine/predicted";
import { type ProgramRun, runProgram } from "../local/engine/program";
import { readStack, UserError } from "../local/engine/stackFile";

/** Runs the program without an account and without the network, or says why it cannot be built. */
export const runOffline = async (root: string, stack: string): Promise<ProgramRun> => {
  const run = await runProgram({ root, stack, settings: readStack(root, stack), cloud: predicted });
  if (run.failures.length === 0) return run;
  throw new UserError(`The program cannot be built:\n${told(run.failures)}`);
};
