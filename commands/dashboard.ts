import { command } from "./commandLine";
import { runDashboard } from "./dashboard/run";

command(async (args) => console.log(await runDashboard(args)));
