import type { HttpAnswer, WebRequest } from "../cloud/service";

export interface Cors {
  allowOrigins: readonly string[];
  allowMethods: readonly string[];
  allowHeaders: readonly string[];
  exposeHeaders: readonly string[];
  maxAge: number | undefined;
  allowCredentials: boolean;
}

const allows = ({ allowOrigins }: Cors, origin: string): boolean =>
  allowOrigins.some((allowed) => {
    if (allowed === "*" || allowed === origin) return true;
    return allowed.endsWith("://*") && origin.startsWith(allowed.slice(0, -1));
  });

const originHeaders = (cors: Cors, origin: string): Record<string, string> => ({
  "access-control-allow-origin": cors.allowOrigins.includes("*") ? "*" : origin,
  ...(!cors.allowOrigins.includes("*") && { vary: "Origin" }),
  ...(cors.allowCredentials && { "access-control-allow-credentials": "true" }),
});

/** Answers a browser's question before the request itself, whether a route is there for it or not. */
export const preflight = (cors: Cors | undefined, { method, headers }: WebRequest): HttpAnswer | undefined => {
  const { origin } = headers;
  const asked = headers["access-control-request-method"];
  if (!cors || method !== "OPTIONS" || origin === undefined || asked === undefined) return undefined;
  if (!allows(cors, origin)) return { status: 204, headers: {}, body: "" };
  return {
    status: 204,
    headers: {
      ...originHeaders(cors, origin),
      ...(cors.allowMethods.length > 0 && { "access-control-allow-methods": cors.allowMethods.join(",") }),
      ...(cors.allowHeaders.length > 0 && { "access-control-allow-headers": cors.allowHeaders.join(",") }),
      ...(cors.maxAge !== undefined && { "access-control-max-age": String(cors.maxAge) }),
    },
    body: "",
  };
};

/** Where the API is told about CORS, what a function says of it does not count. */
export const withCors = (cors: Cors | undefined, { headers }: WebRequest, answer: HttpAnswer): HttpAnswer => {
  if (!cors) return answer;
  const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith("access-control-"));
  const { origin } = headers;
  return {
    ...answer,
    headers: {
      ...Object.fromEntries(own),
      ...(origin !== undefined && allows(cors, origin) && originHeaders(cors, origin)),
      ...(origin !== undefined &&
        allows(cors, origin) &&
        cors.exposeHeaders.length > 0 && { "access-control-expose-headers": cors.exposeHeaders.join(",") }),
    },
  };
};
