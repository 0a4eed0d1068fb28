import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";

/** Kills what it starts when this process dies, however it dies. */
const leash = "/usr/bin/setpriv";

/** Starts a process that does not outlive this one, where the system has the means. */
export const spawnOnLeash = (file: string, args: readonly string[], stdio: StdioOptions): ChildProcess =>
  existsSync(leash) ? spawn(leash, ["--pdeathsig", "KILL", file, ...args], { stdio }) : spawn(file, args, { stdio });

/** A port of the loopback interface that nobody listens on. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("there is no free port");
  return address.port;
};
