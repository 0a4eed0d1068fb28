import { command } from "./commandLine";
import { runEvents } from "./events/run";

/** One line on the terminal that is written over and over; nothing where nobody watches. */
const tell = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K  ${text}`);
};

command(async (args) => {
  const { text, status } = await runEvents(args, tell);
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  console.log(text);
  process.exitCode = status;
});
