import { command } from "./commandLine";
import { runLogs } from "./logs/run";

command(async (args) => console.log(await runLogs(args)));
