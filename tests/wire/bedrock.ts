import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { atTheEnd } from "./closing";

interface Reply {
  status: (asked: Record<string, unknown>) => number;
  body: (asked: Record<string, unknown>) => unknown;
}

export interface Bedrock {
  calls: { url: string | undefined; body: Record<string, unknown> }[];
  /** How many calls were under way at once. */
  most: () => number;
  /** How the next calls are answered; a status may depend on what is asked. */
  answer: (status: number | ((asked: Record<string, unknown>) => number), body: Reply["body"]) => void;
}

const start = async (): Promise<Bedrock> => {
  const calls: Bedrock["calls"] = [];
  let reply: Reply = { status: () => 500, body: () => ({}) };
  let underWay = 0;
  let most = 0;
  const answerTo = async (request: IncomingMessage): Promise<{ status: number; told: string }> => {
    underWay++;
    most = Math.max(most, underWay);
    const body = JSON.parse(await text(request)) as Record<string, unknown>;
    calls.push({ url: request.url, body });
    // Others get their chance to arrive.
    await new Promise((done) => setImmediate(done));
    underWay--;
    return { status: reply.status(body), told: JSON.stringify(reply.body(body)) };
  };
  const server = createServer(async (request, response) => {
    const { status, told } = await answerTo(request);
    response.writeHead(status, { "content-type": "application/json" }).end(told);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  process.env["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  atTheEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  return {
    calls,
    most: () => most,
    answer: (status, body) => {
      calls.length = 0;
      most = 0;
      reply = { status: typeof status === "number" ? () => status : status, body };
    },
  };
};

let shared: Promise<Bedrock> | undefined;

/** What stands where Amazon Bedrock is: one for all suites, as there is one client of it in a process. */
export const bedrock = (): Promise<Bedrock> => {
  shared ??= start();
  return shared;
};
