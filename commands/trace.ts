import { command } from "./commandLine";
import { runTrace } from "./trace/run";

command(async (args) => console.log(await runTrace(args)));
