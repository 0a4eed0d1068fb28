import { account } from "../../cloud/cloud";
import type { WebRequest } from "../../cloud/service";
import type { Api, Route, Stage } from "../api";
import type { Identity } from "../tokens/claims";

export interface Received {
  api: Api;
  stage: Stage;
  http: WebRequest;
  /** Under the API's endpoint, as it came. */
  path: string;
  requestId: string;
  traceId: string;
  /** Milliseconds since 1970. */
  at: number;
}

export interface Routed extends Received {
  route: Route;
  variables: Record<string, string>;
  identity: Identity | undefined;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** As access logs have it: `12/Mar/2026:19:03:58 +0000`. */
export const logTime = (at: number): string => {
  const [date = "", time = ""] = new Date(at).toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
};

/** API Gateway hands a path on decoded, and takes a question mark in it for the end. */
export const decodedPath = (path: string): string => {
  try {
    return decodeURIComponent(path).split("?")[0] ?? path;
  } catch {
    return path;
  }
};

/** Lines of one name become one, as they came. */
const joined = (lines: readonly (readonly [string, string])[]): Record<string, string> => {
  const values = new Map<string, string>();
  for (const [name, value] of lines) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
};

const byNobody = new Set(["connection", "cookie", "keep-alive", "proxy-connection", "te", "transfer-encoding"]);

const headersOf = ({ http, traceId }: Received): Record<string, string> =>
  joined([
    ...http.headerLines.filter(([name]) => !byNobody.has(name) && name !== "x-amzn-trace-id"),
    ...(http.headers["content-length"] === undefined ? [["content-length", String(http.body.length)] as const] : []),
    ["x-amzn-trace-id", traceId],
    ["x-forwarded-for", "127.0.0.1"],
    ["x-forwarded-port", (http.headers["host"] ?? "").split(":")[1] ?? "80"],
    ["x-forwarded-proto", "http"],
  ]);

const cookiesOf = ({ headerLines }: WebRequest): string[] =>
  headerLines.filter(([name]) => name === "cookie").flatMap(([, value]) => value.split(/;\s*/).filter(Boolean));

/** Whatever else a body is, it travels in base64. */
const isText = (contentType = ""): boolean =>
  /^(text\/[^;]+|application\/(json|javascript|xml))\s*(;|$)/i.test(contentType);

const bodyOf = ({ body, headers }: WebRequest): { body?: string; isBase64Encoded: boolean } => {
  if (body.length === 0) return { isBase64Encoded: false };
  const text = isText(headers["content-type"]);
  return { body: body.toString(text ? "utf8" : "base64"), isBase64Encoded: !text };
};

const some = <T extends object>(name: string, value: T): Record<string, T> =>
  Object.keys(value).length > 0 ? { [name]: value } : {};

/** What a function is handed, in version 2.0 of the payload's format. */
export const requestEvent = (routed: Routed): Record<string, unknown> => {
  const { api, stage, http, route, variables, identity, requestId, at } = routed;
  const rawPath = decodedPath(stagePath(routed));
  const host = http.headers["host"] ?? "";
  return {
    version: "2.0",
    routeKey: route.key,
    rawPath,
    rawQueryString: http.rawQuery,
    ...some("cookies", cookiesOf(http)),
    headers: headersOf(routed),
    ...some("queryStringParameters", joined([...http.query])),
    requestContext: {
      accountId: account,
      apiId: api.id,
      ...(identity && { authorizer: { jwt: { claims: identity.claims, scopes: identity.scopes } } }),
      domainName: host,
      domainPrefix: api.id,
      http: {
        method: http.method,
        path: rawPath,
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: http.headers["user-agent"] ?? "",
      },
      requestId,
      routeKey: route.key,
      stage: stage.name,
      time: logTime(at),
      timeEpoch: at,
    },
    ...some("pathParameters", variables),
    ...(stage.variables && { stageVariables: stage.variables }),
    ...bodyOf(http),
  };
};

/** Every stage but `$default` stands before the path. */
export const stagePath = ({ stage, path }: Pick<Received, "stage" | "path">): string =>
  stage.name === "$default" ? path : `/${stage.name}${path}`;
