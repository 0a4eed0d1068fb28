import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { freePort, spawnOnLeash } from "../cloud/leash";
import { type Answer, makeWire } from "./wire";

/** A DynamoDB engine behind its HTTP interface. */
export interface Engine {
  /** Its own address, beside the gateway. */
  endpoint: string;
  send: (operation: string, body: Buffer | string) => Promise<Answer>;
  close: () => Promise<void>;
}

export interface EngineOptions {
  /** Where tables are kept. @default in memory */
  file?: string;
  /** An engine of the user's own, where the bundled one does not run. */
  endpoint?: string;
}

const bundled = (): string => {
  try {
    return require.resolve("@dynoxide/linux-x64/dynoxide");
  } catch {
    return "";
  }
};

const start = (file: string, port: number, options: EngineOptions): ChildProcess =>
  spawnOnLeash(
    file,
    ["serve", "--host", "127.0.0.1", "--port", String(port), ...(options.file ? ["--db-path", options.file] : [])],
    "ignore",
  );

const signature =
  "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0";

const client = (endpoint: string) => {
  const wire = makeWire(endpoint);
  const send = (operation: string, body: Buffer | string): Promise<Answer> =>
    wire.post(
      {
        "x-amz-target": `DynamoDB_20120810.${operation}`,
        "content-type": "application/x-amz-json-1.0",
        "x-amz-date": "20260101T000000Z",
        authorization: signature,
      },
      body,
    );
  return { send, destroy: wire.close };
};

const missing =
  "No DynamoDB engine: npm ci brings one to Linux x64, and to no other system. Elsewhere start one of your own and name it, for instance SIGNAL9_DYNAMODB_ENDPOINT=http://127.0.0.1:8000";

/** Starts the engine at once; the first call waits until it answers. */
export const startEngine = async (options: EngineOptions = {}, binary = bundled()): Promise<Engine> => {
  if (options.endpoint) {
    const { endpoint } = options;
    const { send, destroy } = client(endpoint);
    const reach = async (operation: string, body: Buffer | string): Promise<Answer> => {
      try {
        return await send(operation, body);
      } catch (error) {
        const reason = error instanceof Error ? error.message : error;
        throw new Error(`no DynamoDB engine answers at ${endpoint}, which SIGNAL9_DYNAMODB_ENDPOINT names: ${reason}`);
      }
    };
    return { endpoint, send: reach, close: async () => destroy() };
  }
  // Where packages lie is kept from run to run, and what is kept need not be there.
  if (!existsSync(binary)) throw new Error(missing);
  const port = await freePort();
  const child = start(binary, port, options);
  const endpoint = `http://127.0.0.1:${port}`;
  const { send, destroy } = client(endpoint);
  const ready = answering(child, send);
  ready.catch(() => undefined);
  return {
    endpoint,
    send: async (operation, body) => {
      await ready;
      return send(operation, body);
    },
    close: async () => {
      destroy();
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
};

const betweenTriesMs = 5;

const answering = async (child: ChildProcess, send: Engine["send"]): Promise<void> => {
  while (child.exitCode === null && child.signalCode === null) {
    try {
      await send("ListTables", "{}");
      return;
    } catch {
      await new Promise((again) => setTimeout(again, betweenTriesMs));
    }
  }
  throw new Error(`the DynamoDB engine ended with ${child.exitCode ?? child.signalCode} before it answered`);
};
