import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { gunzipSync } from "node:zlib";
import type { Certificate } from "../../certificate/certificate";
import { readWhole } from "../../cloud/body";
import type { HttpAnswer, HttpRequest } from "../../cloud/service";

export interface Server {
  /** Host and port, as AWS says it: without a scheme. */
  endpoint: string;
  close: () => Promise<void>;
}

const host = "127.0.0.1";

/** What the domains of small instances take. */
export const largestBody = 10 * 2 ** 20;

const tooLarge: HttpAnswer = {
  status: 413,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ Message: `Request size exceeded ${largestBody} bytes` }),
};

const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const body = await readWhole(request, largestBody);
  return body && request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
};

const toHttpRequest = (request: IncomingMessage, body: Buffer): HttpRequest => {
  const [path = "/", ...query] = (request.url ?? "/").split("?");
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return {
    method: request.method ?? "GET",
    path,
    query: new URLSearchParams(query.join("?")),
    headers: Object.fromEntries(headers),
    body,
  };
};

const send = (response: ServerResponse, { status, headers, body }: HttpAnswer): void => {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
};

/** A domain's own address, over TLS, on the loopback interface. */
export const startServer = async (
  handle: (request: HttpRequest) => Promise<HttpAnswer>,
  { certificate, key }: Certificate,
): Promise<Server> => {
  const serve = async (request: IncomingMessage): Promise<HttpAnswer> => {
    const body = await readBody(request);
    return body ? handle(toHttpRequest(request, body)) : tooLarge;
  };
  const options = { cert: await readFile(certificate), key: await readFile(key), keepAliveTimeout: 60_000 };
  const server = createServer(options, (request, response) => {
    serve(request).then(
      (answer) => send(response, answer),
      () => response.destroy(),
    );
  });
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the domain has no port");
  return {
    endpoint: `${host}:${address.port}`,
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
