import { AwsError } from "../cloud/awsError";
import type { HttpAnswer, HttpRequest, Protocol } from "../cloud/service";

/** Input of a REST operation: what the path named, the query, the headers and the body. */
export interface RestInput {
  path: Record<string, string>;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Buffer;
}

/** What a REST operation may answer beside a plain object, which becomes a JSON body with status 200. */
export class RestAnswer {
  constructor(
    readonly status: number,
    readonly body: string | Buffer | Record<string, unknown> = "",
    readonly headers: Record<string, string> = {},
  ) {}
}

/** `PUT /2015-03-31/functions/{name}/code` by operation. A last segment `{rest+}` takes slashes too. */
export type Routes = Record<string, string>;

interface Route {
  operation: string;
  method: string;
  pattern: RegExp;
  names: string[];
}

const compile = ([operation, route]: [string, string]): Route => {
  const [method = "", path = ""] = route.split(" ");
  const names: string[] = [];
  const pattern = path.replace(/\{(\w+)(\+?)\}/g, (_, name: string, greedy: string) => {
    names.push(name);
    return greedy ? "(.+)" : "([^/]+)";
  });
  return { operation, method, pattern: new RegExp(`^${pattern}/?$`), names };
};

export const parseJsonBody = (body: Buffer): Record<string, unknown> => {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString("utf8")) as Record<string, unknown>;
  } catch {
    throw new AwsError("SerializationException", "The request's body is not JSON.");
  }
};

/** The protocol of services whose operations are methods and paths, with JSON bodies. */
export const restJson = (routes: Routes): Protocol => {
  const compiled = Object.entries(routes).map(compile);
  const match = (http: HttpRequest) => {
    for (const { operation, method, pattern, names } of compiled) {
      if (method !== http.method) continue;
      const found = pattern.exec(http.path);
      if (!found) continue;
      const path = Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(found[at + 1] ?? "")]));
      const input: RestInput = { path, query: http.query, headers: http.headers, body: http.body };
      return { operation, input };
    }
    return undefined;
  };
  const send = (
    status: number,
    requestId: string,
    body: RestAnswer["body"],
    headers: Record<string, string>,
  ): HttpAnswer => ({
    status,
    headers: { "content-type": "application/json", "x-amzn-requestid": requestId, ...headers },
    body: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
  return {
    parse: match,
    answer: (_operation, output, requestId) =>
      output instanceof RestAnswer
        ? send(output.status, requestId, output.body, output.headers)
        : send(200, requestId, (output ?? {}) as Record<string, unknown>, {}),
    refuse: (error, requestId) =>
      send(
        error.status,
        requestId,
        { message: error.message, Message: error.message, ...error.more },
        { "x-amzn-errortype": error.code },
      ),
  };
};
