import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { createServer as createHttps, type Server as HttpsServer } from "node:https";
import { createServer as createTcp, type Server, type Socket } from "node:net";
import { readWhole } from "../cloud/body";
import type { HttpAnswer, WebRequest } from "../cloud/service";

export interface Gateway {
  port: number;
  url: string;
  close: () => Promise<void>;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

const largestBody = 64 * 1024 * 1024;

const readBody = async (request: Request): Promise<Buffer> => {
  const body = await readWhole(request, largestBody);
  if (!body) throw new Error(`a request may have ${largestBody} bytes at most`);
  return body;
};

const headerLinesOf = ({ rawHeaders }: Request): [string, string][] => {
  const lines: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = rawHeaders.slice(at, at + 2);
    if (!name.startsWith(":")) lines.push([name.toLowerCase(), value]);
  }
  return lines;
};

const toHttpRequest = async (request: Request): Promise<WebRequest> => {
  const url = request.url ?? "/";
  const cut = url.indexOf("?");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !name.startsWith(":")) headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  headers["host"] ??= String(request.headers[":authority"] ?? "");
  const rawQuery = cut < 0 ? "" : url.slice(cut + 1);
  return {
    method: request.method ?? "GET",
    path: cut < 0 ? url : url.slice(0, cut),
    query: new URLSearchParams(rawQuery),
    rawQuery,
    headers,
    get headerLines() {
      return headerLinesOf(request);
    },
    body: await readBody(request),
  };
};

const send = (response: Response, { status, headers, cookies = [], body }: HttpAnswer): void => {
  (response as ServerResponse).writeHead(status, {
    ...headers,
    ...(cookies.length > 0 && { "set-cookie": [...cookies] }),
    "content-length": Buffer.byteLength(body),
  });
  (response as ServerResponse).end(body);
};

const http2Preface = "PRI";
/** How a client begins that wants TLS. */
const handshake = 0x16;

/** What the gateway shows to those who come over TLS. */
export interface Shown {
  certificate: string;
  key: string;
}

const address = (server: Server): number => {
  const at = server.address();
  if (typeof at !== "object" || at === null) throw new Error("the gateway has no port");
  return at.port;
};

/** One port on the loopback interface for everything: HTTP/1.1, HTTP/1.1 over TLS and, without TLS, HTTP/2. */
export const startGateway = async (
  handle: (request: WebRequest) => Promise<HttpAnswer>,
  port: number,
  /** @default nobody may come over TLS */
  shown?: () => Promise<Shown>,
): Promise<Gateway> => {
  const serve = (request: Request, response: Response): void => {
    toHttpRequest(request)
      .then(handle)
      .then((answer) => send(response, answer))
      .catch(() => response.destroy());
  };
  const http1 = createHttp1({ keepAliveTimeout: 60_000 }, serve);
  const http2 = createHttp2(serve);
  let https: Promise<HttpsServer> | undefined;
  const secured = async (show: () => Promise<Shown>): Promise<HttpsServer> => {
    const { certificate, key } = await show();
    const [cert, secret] = await Promise.all([readFile(certificate), readFile(key)]);
    return createHttps({ cert, key: secret, keepAliveTimeout: 60_000 }, serve);
  };
  const take = async (socket: Socket, first: Buffer): Promise<void> => {
    if (first[0] === handshake && shown) {
      https ??= secured(shown);
      (await https).emit("connection", socket);
    } else {
      (first.subarray(0, http2Preface.length).toString() === http2Preface ? http2 : http1).emit("connection", socket);
    }
  };
  const sockets = new Set<Socket>();
  const tcp = createTcp((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("readable", () => {
      const first = socket.read() as Buffer | null;
      if (!first) return;
      socket.unshift(first);
      take(socket, first).catch(() => socket.destroy());
    });
  });
  tcp.listen(port, "127.0.0.1");
  await once(tcp, "listening");
  const actual = address(tcp);
  return {
    port: actual,
    url: `http://127.0.0.1:${actual}`,
    close: async () => {
      tcp.close();
      for (const socket of sockets) socket.destroy();
      http1.close();
      await once(tcp, "close");
    },
  };
};
