import { once as event } from "node:events";
import { Agent, request } from "node:https";
import { fromEnv } from "@aws-sdk/credential-provider-env";
import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import { once } from "../aws/client";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { type Category, Failure } from "../failure";
import { metricNames } from "../observe/metrics";
import { redactText } from "../redact";

/** A call of the domain's REST interface. */
export interface Call {
  method: "GET" | "PUT" | "POST" | "DELETE";
  /** Without a query, and with nothing that would have to be escaped. */
  path: string;
  query?: Record<string, string>;
  /** An object is sent as JSON; a text is lines of JSON, as `_bulk` wants them. */
  body?: object | string;
  /** @default 5000 */
  timeoutMs?: number;
}

export interface Domain {
  /** The answer's JSON, or a Failure that says what the domain said. */
  send: (call: Call) => Promise<unknown>;
  /** As `send`; undefined where what is asked for is not there. */
  find: (call: Call) => Promise<unknown>;
}

const defaultTimeoutMs = 5_000;
const longestReason = 500;

const agent = once(() => new Agent({ keepAlive: true, maxSockets: 16 }));
const signer = once(
  () => new SignatureV4({ service: "es", region: env("AWS_REGION"), credentials: fromEnv(), sha256: Sha256 }),
);

export const categoryOf = (status: number): Category => {
  if (status === 401 || status === 403) return "denied";
  if (status === 429) return "throttled";
  return status >= 500 || status === 408 ? "unavailable" : "permanent";
};

interface Cause {
  type?: string;
  reason?: string;
  /** One for each way in which shards failed. */
  root_cause?: Cause[];
}

interface Complaint {
  error?: string | Cause;
  /** Of a copy from index to index. */
  failures?: { id?: string; cause?: Cause }[];
  message?: string;
  Message?: string;
}

/** OpenSearch's words for what went wrong, or those of what AWS has put before it. */
export const reasonIn = (body: unknown): string => {
  const { error, failures: [failure] = [], message, Message } = (body ?? {}) as Complaint;
  const cause = typeof error === "object" ? (error.root_cause?.[0] ?? error) : failure?.cause;
  if (cause) return `${failure ? `document ${failure.id}: ` : ""}${cause.type}: ${cause.reason}`;
  return String(error ?? message ?? Message ?? "no reason given");
};

/** OpenSearch 2 answers 500 to it, as if it were at fault, and would do so again. */
const isTooMuch = ({ type }: Cause): boolean => type === "too_many_clauses" || type === "too_many_nested_clauses";

const asksTooMuch = (causes: readonly Cause[]): boolean => causes.length > 0 && causes.every(isTooMuch);

const categoryOfRefusal = (status: number, body: unknown): Category => {
  const { error } = (body ?? {}) as Complaint;
  return typeof error === "object" && asksTooMuch(error.root_cause ?? []) ? "permanent" : categoryOf(status);
};

/** Is it about what was asked? Then the next question may well be answered. */
export const isAboutQuestion = ({ category, origin }: Failure): boolean => category === "permanent" && origin === "aws";

class Refused extends Failure {
  constructor(
    readonly status: number,
    call: Call,
    body: unknown,
  ) {
    const reason = redactText(reasonIn(body)).slice(0, longestReason);
    super(categoryOfRefusal(status, body), `${call.method} ${call.path} was answered ${status}: ${reason}`, {
      origin: "aws",
    });
  }
}

const parsed = (text: string): unknown => {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return { message: text.slice(0, longestReason) };
  }
};

/** One request and its answer, within the time it has; anything else is a failure of the network. */
const exchange = async (endpoint: URL, call: Call): Promise<{ status: number; text: string }> => {
  const { method, path, query = {}, body, timeoutMs = defaultTimeoutMs } = call;
  const lines = typeof body === "string";
  const content = body === undefined ? undefined : lines ? body : JSON.stringify(body);
  const signed = await signer().sign({
    method,
    protocol: "https:",
    hostname: endpoint.hostname,
    ...(endpoint.port && { port: Number(endpoint.port) }),
    path,
    query,
    headers: {
      host: endpoint.host,
      ...(content !== undefined && { "content-type": lines ? "application/x-ndjson" : "application/json" }),
    },
    ...(content !== undefined && { body: content }),
  });
  const signal = AbortSignal.timeout(timeoutMs);
  const search = new URLSearchParams(query).toString();
  const asked = request(new URL(path + (search && `?${search}`), endpoint), {
    agent: agent(),
    method,
    headers: { ...signed.headers, ...(content !== undefined && { "content-length": Buffer.byteLength(content) }) },
    signal,
  });
  // What goes wrong once the answer has begun is told by the answer.
  asked.on("error", () => undefined);
  try {
    asked.end(content);
    const [answer] = await event(asked, "response");
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return { status: answer.statusCode, text: Buffer.concat(chunks).toString("utf8") };
  } catch (error) {
    const reason = signal.aborted ? `no answer within ${timeoutMs} ms` : error instanceof Error ? error.message : error;
    throw new Failure("unavailable", `${method} ${path}: ${reason}`, { origin: "network", cause: error });
  }
};

interface Found {
  timed_out?: boolean;
  _shards?: { failed?: number; failures?: { reason?: Cause }[] };
}

/** A search that some shards had no say in is answered 200 all the same: what they have would look as if it were not there. */
const lackOf = (answer: unknown): { category: Category; why: string } | undefined => {
  const { timed_out, _shards: { failed = 0, failures = [] } = {} } = (answer ?? {}) as Found;
  if (failed === 0) return timed_out ? { category: "unavailable", why: "it ran out of time" } : undefined;
  const reasons = failures.map(({ reason = {} }) => reason);
  const [first] = reasons;
  return {
    category: asksTooMuch(reasons) ? "permanent" : "unavailable",
    why: `${failed} shards failed${first ? `: ${first.type}: ${first.reason}` : ""}`,
  };
};

/** A domain that is asked once and answers in bounded time; whether to ask again is for the caller to say. */
export const domainAt = (endpoint: string): Domain => {
  const place = new URL(endpoint);
  const send = async (call: Call): Promise<unknown> => {
    const { status, text } = await exchange(place, call);
    if (status >= 300) throw new Refused(status, call, parsed(text));
    const answer = parsed(text);
    const lack = call.path.endsWith("/_search") ? lackOf(answer) : undefined;
    if (lack === undefined) return answer;
    const { category, why } = lack;
    throw new Failure(category, `${call.method} ${call.path} was answered in part: ${why}`, { origin: "aws" });
  };
  return {
    send,
    find: (call) =>
      send(call).catch((error) => {
        if (error instanceof Refused && error.status === 404) return undefined;
        throw error;
      }),
  };
};

/** The domain that the infrastructure put into the environment. */
const shared = once(() => domainAt(env("SEARCH_ENDPOINT")));

/** A call that is counted, whatever comes of it. */
export const ask = async (call: Call, run: Pick<Run, "meter">): Promise<unknown> => {
  run.meter.add(metricNames.searchRequests);
  return shared()
    .send(call)
    .catch((error) => {
      run.meter.add(metricNames.searchErrors);
      throw error;
    });
};
