import { once } from "node:events";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { rootCertificates } from "node:tls";
import type { FetchDocument } from "./issuer";

const timeoutMs = 1_500;
const mostBytes = 150_000;

const read = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new Error(`it answered with more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
};

/** Asks issuers on this machine, and others only where the cloud may look outside. */
export const documentFetcher =
  ({ trusted, outside }: { trusted?: () => Promise<{ pem: string }>; outside: boolean }): FetchDocument =>
  async (url) => {
    const { protocol, hostname } = new URL(url);
    if (hostname !== "127.0.0.1" && !outside) throw new Error(`${hostname} is not on this machine`);
    const certificate = await trusted?.();
    // Node's own agent goes through a proxy where the environment has one, and none leads back to this machine.
    const how = { timeout: timeoutMs, ...(hostname === "127.0.0.1" && { agent: false }) };
    const asked =
      protocol === "https:"
        ? requestHttps(url, { ...how, ca: [...rootCertificates, ...(certificate ? [certificate.pem] : [])] })
        : requestHttp(url, how);
    asked.once("timeout", () => asked.destroy(new Error(`it did not answer within ${timeoutMs} ms`)));
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    const body = await read(response);
    if (response.statusCode !== 200) throw new Error(`it answered ${url} with ${response.statusCode}`);
    return JSON.parse(body) as unknown;
  };
