import { command } from "./commandLine";
import { runRestore } from "./restore/run";

command(async (args) => console.log(await runRestore(args)));
