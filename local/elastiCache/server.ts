import type { ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { Redis } from "ioredis";
import type { Certificate } from "../certificate/certificate";
import { freePort, spawnOnLeash } from "../cloud/leash";

export interface ServerSettings {
  /** The program; undefined where it is not installed. */
  binary: string | undefined;
  certificate: Certificate;
  token: string;
  parameters: Record<string, string>;
  /** Where keys are kept across restarts. @default in memory */
  folder: string | undefined;
}

/** One Redis on the loopback interface. It keeps its port for life, whether it runs or not. */
export interface Server {
  port: number;
  start: () => Promise<void>;
  /** From one moment to the next, as when a node is lost. */
  stop: () => Promise<void>;
  /** It takes connections and answers nothing until it is resumed. */
  pause: () => void;
  resume: () => void;
  /** Asks as the cloud itself, which may do what ElastiCache lets no client do. */
  ask: (command: string, ...args: string[]) => Promise<unknown>;
}

export const host = "127.0.0.1";

/** As the cloud itself signs in. */
const operator = "cloud";

/** What ElastiCache keeps to itself. */
const kept = "-acl -bgrewriteaof -bgsave -config -debug -migrate -psync -replicaof -save -shutdown -slaveof -sync";

/** What a cache.t3.micro has left for data. */
const maxmemory = "384mb";

const hashed = (password: string): string => `#${createHash("sha256").update(password).digest("hex")}`;
const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

const configuration = (settings: ServerSettings, port: number, password: string): string => {
  const { certificate, token, parameters, folder } = settings;
  return [
    `bind ${host}`,
    "port 0",
    `tls-port ${port}`,
    `tls-cert-file ${quoted(certificate.certificate)}`,
    `tls-key-file ${quoted(certificate.key)}`,
    `tls-ca-cert-file ${quoted(certificate.certificate)}`,
    "tls-auth-clients no",
    `user default on ${hashed(token)} ~* &* +@all ${kept}`,
    `user ${operator} on ${hashed(password)} ~* &* +@all`,
    'save ""',
    ...(folder ? [`dir ${quoted(folder)}`, "appendonly yes"] : []),
    `maxmemory ${maxmemory}`,
    ...Object.entries(parameters).map(([name, value]) => `${name} ${quoted(value)}`),
    "",
  ].join("\n");
};

const betweenTriesMs = 5;
const startsWithinMs = 10_000;

export const createServer = async (settings: ServerSettings): Promise<Server> => {
  const { binary, certificate } = settings;
  const port = await freePort();
  const password = randomBytes(24).toString("hex");
  let child: ChildProcess | undefined;
  let said = "";

  const running = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;

  const ask = async (command: string, ...args: string[]): Promise<unknown> => {
    const redis = new Redis({
      host,
      port,
      username: operator,
      password,
      tls: { ca: certificate.pem },
      lazyConnect: true,
      disableClientInfo: true,
      enableReadyCheck: false,
      retryStrategy: () => null,
    });
    // Whoever asks hears of it by the rejected promise.
    redis.on("error", () => undefined);
    try {
      await redis.connect();
      return await redis.call(command, ...args);
    } finally {
      redis.disconnect();
    }
  };

  const answering = async (): Promise<void> => {
    const giveUpAt = performance.now() + startsWithinMs;
    while (running() && performance.now() < giveUpAt) {
      try {
        await ask("ping");
        return;
      } catch {
        await new Promise((again) => setTimeout(again, betweenTriesMs));
      }
    }
    throw new Error(`redis-server does not come up: ${said.trim().split("\n").slice(-3).join(" ")}`);
  };

  return {
    port,
    ask,
    start: async () => {
      if (running() || binary === undefined) return;
      said = "";
      child = spawnOnLeash(binary, ["-"], ["pipe", "pipe", "ignore"]);
      const hear = (what: unknown) => {
        said = `${said}${what}\n`.slice(-2_000);
      };
      child.stdout?.on("data", hear);
      child.once("error", (error) => {
        hear(error.message);
        child = undefined;
      });
      // By way of its input no secret is ever in a file or in the list of processes.
      child.stdin?.on("error", (error) => hear(error.message));
      child.stdin?.end(configuration(settings, port, password));
      await answering();
    },
    stop: async () => {
      if (!child || !running()) return;
      const ended = once(child, "exit");
      // Also a paused one hears this. What it acknowledged is with the operating system already.
      child.kill("SIGKILL");
      await ended;
    },
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
  };
};
