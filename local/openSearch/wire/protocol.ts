import type { AwsError } from "../../cloud/awsError";
import type { HttpAnswer, HttpRequest, Protocol } from "../../cloud/service";
import { illegalArgument, notHere, OpenSearchError, refuse } from "../errors";
import type { Request } from "../operation";
import { routeOf } from "./routes";

/** What an operation answers where it is not an object with status 200. */
export class Answer {
  constructor(
    readonly status: number,
    readonly body: object | undefined = undefined,
  ) {}
}

const parse = (http: HttpRequest): { operation: string; input: Request } | undefined => {
  let routed: ReturnType<typeof routeOf>;
  try {
    routed = routeOf(http.method, http.path, http.query);
  } catch (error) {
    throw error instanceof URIError ? illegalArgument(`cannot decode the path [${http.path}]`) : error;
  }
  if (!routed) throw notHere(`${http.method} ${http.path}`);
  const { operation, path } = routed;
  return { operation, input: { path, query: http.query, body: http.body.toString("utf8") } };
};

/** What the cloud throws of itself, as a domain says it. */
const ofDomain: Readonly<Record<string, (message: string) => OpenSearchError>> = {
  NotImplemented: (message) => refuse({ type: "parsing_exception", reason: message }),
  ThrottlingException: (message) => refuse({ type: "rejected_execution_exception", reason: message }, 429),
  InternalFailure: (message) =>
    message.endsWith("(injected)")
      ? refuse(
          {
            type: "cluster_block_exception",
            reason: `blocked by: [SERVICE_UNAVAILABLE/2/no cluster manager]; ${message}`,
          },
          503,
        )
      : refuse({ type: "exception", reason: message }, 500),
};

const json = (status: number, body: object | undefined, requestId: string): HttpAnswer => ({
  status,
  headers: { "content-type": "application/json; charset=UTF-8", "x-amzn-requestid": requestId },
  body: body === undefined ? "" : JSON.stringify(body),
});

const refusal = (error: AwsError, requestId: string): HttpAnswer => {
  const known = error instanceof OpenSearchError ? error : ofDomain[error.code]?.(error.message);
  // What AWS refuses never gets to OpenSearch.
  return known
    ? json(known.status, known.body(), requestId)
    : json(error.status, { Message: error.message }, requestId);
};

export const domainProtocol: Protocol = {
  parse,
  answer: (_operation, output, requestId) =>
    output instanceof Answer ? json(output.status, output.body, requestId) : json(200, output as object, requestId),
  refuse: refusal,
};
