import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json, type Reply } from "./reply";

export interface MarketServer {
  url: string;
  close: () => Promise<void>;
}

export type Serve = (url: URL, request: IncomingMessage) => Reply;

const read = (serve: Serve, request: IncomingMessage): Reply => {
  try {
    return serve(new URL(request.url ?? "/", "http://127.0.0.1"), request);
  } catch (problem) {
    // One bad request must not end the market for everyone else.
    return json({ message: problem instanceof Error ? problem.message : "the market broke" }, 500);
  }
};

const send = ({ status, contentType, body, headers, trouble }: Reply, response: ServerResponse): void => {
  if (trouble === "hang") return;
  const bytes = Buffer.from(body);
  response.writeHead(status, { "content-type": contentType, "content-length": bytes.length, ...headers });
  if (trouble !== "truncated") {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
};

/** Listens on the loopback interface alone. */
export const startServer = async (serve: Serve, port: number): Promise<MarketServer> => {
  const server = createServer((request, response) => {
    request.resume();
    send(read(serve, request), response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // A caller that is left hanging would keep it open.
        server.closeAllConnections();
      }),
  };
};
