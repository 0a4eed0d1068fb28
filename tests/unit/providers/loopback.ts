import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { expect } from "chai";
import { ProviderFailure } from "../../../functions/processing/providers/problem";

export interface Loopback {
  url: string;
  /** What was asked, in order. */
  requests: IncomingMessage[];
  /** How the next requests are answered. */
  answer: (respond: (response: ServerResponse) => void) => void;
  close: () => Promise<void>;
}

/** A real HTTP server that stands where the provider is. */
export const startLoopback = async (): Promise<Loopback> => {
  const requests: IncomingMessage[] = [];
  let respond = (response: ServerResponse): void => void response.end("{}");
  const server = createServer((request, response) => {
    requests.push(request);
    respond(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer: (next) => {
      respond = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** The failure that a call ends with, after a look at all that could be logged of it. */
export const refusal = async (call: Promise<unknown>, ...secrets: string[]): Promise<ProviderFailure> => {
  const error = await call.then(
    () => expect.fail("the call was answered"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderFailure)) throw error;
  const all = inspect(error, { depth: 10, showHidden: true });
  for (const secret of secrets) expect(all).not.to.include(secret);
  return error;
};
