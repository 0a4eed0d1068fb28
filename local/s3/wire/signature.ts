import { createHash, createHmac } from "node:crypto";
import type { HttpRequest } from "../../cloud/service";

export interface Scope {
  /** `20260101` */
  day: string;
  region: string;
  service: string;
}

/** Everything but letters, digits and `-._~`, as AWS signs it. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const canonicalPath = (path: string): string =>
  path
    .split("/")
    .map((part) => encoded(decodeURIComponent(part)))
    .join("/");

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .filter(([name]) => name.toLowerCase() !== "x-amz-signature")
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");

const payloadHash = ({ query, headers }: HttpRequest): string =>
  headers["x-amz-content-sha256"] ?? query.get("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD";

/** What is signed of a request, in the one form that all write it in. A header that is not there is signed as empty. */
export const canonicalRequest = (http: HttpRequest, signedHeaders: readonly string[]): string =>
  [
    http.method,
    canonicalPath(http.path),
    canonicalQuery(http.query),
    ...signedHeaders.map((name) => `${name}:${(http.headers[name] ?? "").trim().replace(/\s+/g, " ")}`),
    "",
    signedHeaders.join(";"),
    payloadHash(http),
  ].join("\n");

export const stringToSign = (canonical: string, date: string, { day, region, service }: Scope): string =>
  [
    "AWS4-HMAC-SHA256",
    date,
    `${day}/${region}/${service}/aws4_request`,
    createHash("sha256").update(canonical).digest("hex"),
  ].join("\n");

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** Signature version 4. */
export const signatureOf = (text: string, { day, region, service }: Scope, secretAccessKey: string): string =>
  hmac(hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, day), region), service), "aws4_request"), text).toString("hex");
