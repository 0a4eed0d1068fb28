import { command } from "./commandLine";
import { runEvents } from "./events/run";
import { statusLine } from "./statusLine";

command(async (args) => {
  const { text, status } = await runEvents(args, statusLine.tell);
  statusLine.end();
  console.log(text);
  process.exitCode = status;
});
