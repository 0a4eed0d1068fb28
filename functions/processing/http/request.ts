import type { APIGatewayProxyEventV2WithJWTAuthorizer } from "aws-lambda";
import * as v from "valibot";
import { check, inBody, inQuery } from "./check";
import type { OperationDefinition } from "./operation";
import { notFound, Problem } from "./problem";

export type HttpEvent = APIGatewayProxyEventV2WithJWTAuthorizer;

/** The largest body that is read. */
export const largestBody = 256 * 1024;

const header = ({ headers }: HttpEvent, name: string): string | undefined => headers[name]?.trim() || undefined;

/** The person whom the token names: from there and from nowhere else. */
export const userIn = (event: HttpEvent): string => {
  const subject = event.requestContext.authorizer?.jwt?.claims?.["sub"];
  if (typeof subject !== "string" || subject === "" || subject.length > 128) {
    throw new Problem(401, "The token names nobody.");
  }
  return subject;
};

const traceable = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's own id for what belongs together, or else the request's. */
export const correlationIn = (event: HttpEvent): string => {
  const given = header(event, "x-correlation-id");
  return given !== undefined && traceable.test(given) ? given : event.requestContext.requestId;
};

export const idempotencyKeyIn = (event: HttpEvent): string | undefined => {
  const key = header(event, "idempotency-key");
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  const rule = "must be 1 to 255 printable characters without spaces";
  throw new Problem(400, `Idempotency-Key ${rule}`, [{ detail: rule, header: "Idempotency-Key" }]);
};

/** `"3"` → 3 */
export const versionIn = (event: HttpEvent): number | undefined => {
  const tag = header(event, "if-match");
  if (tag === undefined || tag === "*") return undefined;
  const about = (detail: string) => [{ detail, header: "If-Match" }];
  // A weak tag is never the same as any other.
  if (tag.startsWith("W/"))
    throw new Problem(412, "If-Match takes no weak tag", about("must be the ETag of an answer"));
  const [, version] = /^"([1-9]\d{0,14})"$/.exec(tag) ?? [];
  if (version === undefined) throw new Problem(400, "If-Match must be the ETag of an answer", about("must be an ETag"));
  return Number(version);
};

export const etag = (version: number): Record<string, string> => ({ etag: `"${version}"` });

/** The body as it was sent. */
export const textIn = ({ body = "", isBase64Encoded }: HttpEvent): string => {
  const bytes = isBase64Encoded ? Math.floor((body.length * 3) / 4) : Buffer.byteLength(body);
  if (bytes > largestBody) throw new Problem(413, `The body must have at most ${largestBody} bytes`);
  return isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;
};

const jsonTypes = /^application\/(json|merge-patch\+json)\s*(;|$)/i;

/** What is looked at of a schema. */
interface Shape {
  wrapped?: Shape;
  entries?: Readonly<Record<string, Shape>>;
}

/** Valibot takes a list for an object with numbers for names. */
const refuseLists = ({ wrapped, entries }: Shape, input: unknown, parts: readonly string[] = []): void => {
  if (wrapped) refuseLists(wrapped, input, parts);
  if (!entries) return;
  if (Array.isArray(input)) {
    const rule = "must be an object";
    throw new Problem(400, `${parts.join("/") || "The body"} ${rule}`, [{ detail: rule, ...inBody(parts) }]);
  }
  for (const [name, entry] of Object.entries(entries)) {
    refuseLists(entry, (input as Record<string, unknown> | null)?.[name], [...parts, name]);
  }
};

const bodyIn = (event: HttpEvent, schema: v.GenericSchema): unknown => {
  const text = textIn(event);
  if (text === "") throw new Problem(400, "The body is missing", [{ detail: "is missing", pointer: "#" }]);
  if (!jsonTypes.test(header(event, "content-type") ?? "")) {
    throw new Problem(415, "The body must be application/json", [{ detail: "must be JSON", header: "Content-Type" }]);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Problem(400, "The body must be JSON", [{ detail: "must be JSON", pointer: "#" }]);
  }
  refuseLists(schema as Shape, parsed);
  return check(schema, parsed, inBody);
};

const nothing = v.strictObject({});

/** What the operation takes of a request, checked. */
export const readRequest = (event: HttpEvent, { params, query, body }: OperationDefinition) => {
  const found = params && v.safeParse(params, event.pathParameters ?? {});
  if (found && !found.success) throw notFound();
  return {
    params: found?.output ?? {},
    query: check(query ?? nothing, event.queryStringParameters ?? {}, inQuery),
    body: body ? bodyIn(event, body) : {},
    version: versionIn(event),
  };
};
