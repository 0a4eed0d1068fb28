import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { type Cloud, region } from "../../cloud/cloud";

export interface ServiceRequest {
  /** As requests are signed for it, such as `lambda`. */
  service: string;
  path?: string;
  headers: Record<string, string>;
  body: string;
}

export interface ServiceAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Calls a service of this cloud, as whoever the key belongs to. */
export type Send = (accessKeyId: string, request: ServiceRequest) => Promise<ServiceAnswer>;

const read = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
};

/** Goes through the gateway, so that a task is allowed, broken and traced like any other call. */
export const gatewayCalls = (cloud: Cloud): { send: Send; close: () => void } => {
  const agent = new Agent({ keepAlive: true });
  return {
    send: async (accessKeyId, { service, path = "/", headers, body }) => {
      const credential = `${accessKeyId}/20260101/${region}/${service}/aws4_request`;
      const call = request(`${cloud.endpoint}${path}`, {
        method: "POST",
        agent,
        headers: {
          ...headers,
          "content-length": Buffer.byteLength(body),
          authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=none`,
        },
      });
      call.end(body);
      const [response] = (await once(call, "response")) as [IncomingMessage];
      const given = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
      return { status: response.statusCode ?? 0, headers: Object.fromEntries(given), body: await read(response) };
    },
    close: () => agent.destroy(),
  };
};
