import { account } from "../../cloud/cloud";
import { decodedPath, logTime, type Received, type Routed, stagePath } from "../request/event";

/** How a request ended. */
export interface End {
  status: number;
  bytes: number;
  latencyMs: number;
  /** Undefined where no function was asked. */
  integration?: { status: number; latencyMs: number } | undefined;
  error?:
    | { message: string; type: string; authorizer?: string | undefined; integration?: string | undefined }
    | undefined;
}

type Context = Record<string, (received: Received & Partial<Routed>, end: End) => unknown>;

const context: Context = {
  accountId: () => account,
  apiId: ({ api }) => api.id,
  "authorizer.error": (_, { error }) => error?.authorizer,
  "error.message": (_, { error }) => error?.message,
  "error.messageString": (_, { error }) => error && JSON.stringify(error.message),
  "error.responseType": (_, { error }) => error?.type,
  extendedRequestId: ({ requestId }) => requestId,
  domainName: ({ http }) => http.headers["host"],
  domainPrefix: ({ api }) => api.id,
  httpMethod: ({ http }) => http.method,
  "identity.sourceIp": () => "127.0.0.1",
  "identity.userAgent": ({ http }) => http.headers["user-agent"],
  "integration.error": (_, { error }) => error?.integration,
  "integration.integrationStatus": (_, { integration }) => integration?.status,
  "integration.latency": (_, { integration }) => integration?.latencyMs,
  "integration.status": (_, { integration }) => integration && 200,
  integrationErrorMessage: (_, { error }) => error?.integration,
  integrationLatency: (_, { integration }) => integration?.latencyMs,
  integrationStatus: (_, { integration }) => integration?.status,
  path: (received) => decodedPath(stagePath(received)),
  protocol: () => "HTTP/1.1",
  requestId: ({ requestId }) => requestId,
  requestTime: ({ at }) => logTime(at),
  requestTimeEpoch: ({ at }) => at,
  responseLatency: (_, { latencyMs }) => latencyMs,
  responseLength: (_, { bytes }) => bytes,
  routeKey: ({ route }) => route?.key,
  stage: ({ stage }) => stage.name,
  status: (_, { status }) => status,
};

const claims = "authorizer.claims.";
const variable = /\$context\.([\w.:-]*\w)/g;

/** A variable that nothing here would fill. */
export const unknownVariable = (format: string): string | undefined =>
  [...format.matchAll(variable)]
    .map(([, name = ""]) => name)
    .find((name) => !(name in context || name.startsWith(claims)));

/** A line of the log; what there is nothing to say of is a dash. */
export const logLine = (format: string, received: Received & Partial<Routed>, end: End): string =>
  format.replace(variable, (_, name: string) => {
    const value = name.startsWith(claims)
      ? received.identity?.claims[name.slice(claims.length)]
      : context[name]?.(received, end);
    return String(value ?? "-");
  });
