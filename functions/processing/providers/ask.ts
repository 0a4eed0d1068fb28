import { once } from "node:events";
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Problem, ProviderFailure } from "./problem";

const MB = 1_000_000;

export interface Question {
  /** The provider's name, for messages. */
  provider: string;
  /** May hold a key: it appears in no error. */
  url: string;
  headers?: Record<string, string>;
  timeoutMs?: number | undefined;
  /** The longest answer that is read, in bytes. */
  limit?: number;
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

const defaultTimeoutMs = 8_000;
const defaultLimit = 10 * MB;

/**
 * Node's own client, not `fetch`: what that brings along takes a function 40 ms of the processor at its first call, and
 * each later one four times as long. It follows no redirection, which would take the key to wherever it points.
 */
const send = ({ provider, url, headers }: Question, signal: AbortSignal): ClientRequest => {
  try {
    const to = new URL(url);
    return (to.protocol === "https:" ? overHttps : overHttp)(to, {
      // A connection that was kept while the function stood still may be gone, and so would the call be that is made on it.
      agent: false,
      headers: { accept: "*/*", "accept-encoding": "gzip", "user-agent": "signal9", ...headers },
      signal,
    });
  } catch {
    throw new ProviderFailure("refused", `${provider} cannot be asked: its address or key has no usable form`).unmade();
  }
};

const unpacked = (answer: IncomingMessage): AsyncIterable<Buffer> =>
  // Whatever breaks off is told by what is read.
  answer.headers["content-encoding"] === "gzip" ? pipeline(answer, createGunzip(), () => undefined) : answer;

const readBody = async (answer: IncomingMessage, { provider, limit = defaultLimit }: Question): Promise<string> => {
  const decoder = new TextDecoder();
  let length = 0;
  let body = "";
  for await (const chunk of unpacked(answer)) {
    length += chunk.byteLength;
    if (length > limit) throw new ProviderFailure("malformed", `${provider}'s answer is longer than ${limit / MB} MB`);
    body += decoder.decode(chunk, { stream: true });
  }
  return body + decoder.decode();
};

/** The reason in the words of the operating system or of Node, such as ECONNREFUSED; never what it was about. */
const reasonOf = (error: unknown): string => {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && /^[A-Z0-9_]+$/.test(code) ? code : "the connection broke off";
};

/** There was no connection over which anything could have been asked. */
const unconnected = new Set(["EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"]);

/** Asks once, and reads the whole answer, all of it within the time limit. */
export const ask = async (question: Question): Promise<Reply> => {
  const { provider, timeoutMs = defaultTimeoutMs } = question;
  const signal = AbortSignal.timeout(timeoutMs);
  const asked = send(question, signal);
  // What goes wrong once the answer has begun is told by the answer.
  asked.on("error", () => undefined);
  try {
    asked.end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await readBody(answer, question) };
  } catch (error) {
    if (error instanceof ProviderFailure) throw error;
    const reason = signal.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error);
    const failure = new ProviderFailure("unavailable", `${provider} cannot be reached: ${reason}`);
    throw unconnected.has(reason) ? failure.unmade() : failure;
  } finally {
    asked.destroy();
  }
};

/** What a status that is no success means, where the provider says no more. */
export const problemOfStatus = (status: number): Problem => {
  if (status === 429) return "burst";
  if (status === 401 || status === 403) return "keyRejected";
  return status >= 500 || status === 408 || status < 400 ? "unavailable" : "refused";
};

/** Rules out what no call is answered with: nothing, or a page for people, from a proxy or for maintenance. */
export const requireData = ({ headers, body }: Reply, provider: string): void => {
  const start = body.slice(0, 100).trimStart();
  if (body.length === 0) throw new ProviderFailure("unavailable", `${provider}'s answer is empty`);
  if (headers["content-type"]?.includes("text/html") || start.startsWith("<")) {
    throw new ProviderFailure("unavailable", `${provider} answered with a page instead of data`);
  }
};

/** The value of a JSON answer. One that does not parse was cut off or damaged on the way, and may come whole next time. */
export const jsonOf = ({ body }: Pick<Reply, "body">, provider: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw new ProviderFailure("unavailable", `${provider}'s answer is cut off or damaged: it is not JSON`);
  }
};
