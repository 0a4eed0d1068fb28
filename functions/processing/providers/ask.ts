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
  headers: Headers;
  body: string;
}

const defaultTimeoutMs = 8_000;
const defaultLimit = 10 * MB;

const requestOf = ({ provider, url, headers = {} }: Question): Request => {
  try {
    // A redirection would take the key to wherever it points.
    return new Request(url, { headers: { "user-agent": "signal9", ...headers }, redirect: "manual" });
  } catch {
    throw new ProviderFailure("refused", `${provider} cannot be asked: its address or key has no usable form`).unmade();
  }
};

const readBody = async (response: Response, provider: string, limit: number): Promise<string> => {
  const decoder = new TextDecoder();
  let length = 0;
  let body = "";
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > limit) throw new ProviderFailure("malformed", `${provider}'s answer is longer than ${limit / MB} MB`);
    body += decoder.decode(chunk, { stream: true });
  }
  return body + decoder.decode();
};

/** The reason in the words of the operating system or of fetch, such as ECONNREFUSED; never what it was about. */
const reasonOf = (error: unknown): string => {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === "string" && /^[A-Z0-9_]+$/.test(cause.code) ? cause.code : "the connection broke off";
};

/** There was no connection over which anything could have been asked. */
const unconnected = new Set(["EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"]);

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === "TimeoutError";

/** Asks once, and reads the whole answer, all of it within the time limit. */
export const ask = async (question: Question): Promise<Reply> => {
  const { provider, timeoutMs = defaultTimeoutMs, limit = defaultLimit } = question;
  const request = requestOf(question);
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(timeoutMs) });
    const { status, headers } = response;
    return { status, headers, body: await readBody(response, provider, limit) };
  } catch (error) {
    if (error instanceof ProviderFailure) throw error;
    const reason = isTimeout(error) ? `no answer within ${timeoutMs} ms` : reasonOf(error);
    const failure = new ProviderFailure("unavailable", `${provider} cannot be reached: ${reason}`);
    throw unconnected.has(reason) ? failure.unmade() : failure;
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
  if (headers.get("content-type")?.includes("text/html") || start.startsWith("<")) {
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
