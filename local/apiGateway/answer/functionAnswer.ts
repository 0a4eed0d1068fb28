import type { HttpAnswer } from "../../cloud/service";
import { Refusal } from "./refusal";

const malformed = (): Refusal =>
  new Refusal(500, {
    integration: "The response from the Lambda function doesn't match the format that API Gateway expects.",
  });

const parsed = (payload: Buffer): unknown => {
  try {
    return JSON.parse(payload.toString("utf8"));
  } catch {
    throw malformed();
  }
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Between API Gateway and its own peers; a function's word for them does not count. */
const hopByHop = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const headersOf = (given: unknown): Record<string, string> => {
  if (given === undefined || given === null) return {};
  if (!isObject(given)) throw malformed();
  const entries = Object.entries(given).map(([name, value]) => [name.toLowerCase(), value] as const);
  if (entries.some(([, value]) => !["string", "number", "boolean"].includes(typeof value))) throw malformed();
  return Object.fromEntries(entries.filter(([name]) => !hopByHop.has(name)).map(([name, value]) => [name, `${value}`]));
};

const cookiesOf = (given: unknown): string[] => {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given) || !given.every((one) => typeof one === "string")) throw malformed();
  return given;
};

const bodyOf = (body: unknown, isBase64Encoded: unknown): string | Buffer => {
  if (body === undefined || body === null) return "";
  if (typeof body !== "string") throw malformed();
  return isBase64Encoded === true ? Buffer.from(body, "base64") : body;
};

/** Makes an answer of what a function returned; without a status code, what it returned is the body. */
export const functionAnswer = (payload: Buffer): HttpAnswer => {
  const returned = parsed(payload);
  if (!isObject(returned) || returned["statusCode"] === undefined) {
    const body = typeof returned === "string" ? returned : JSON.stringify(returned);
    return { status: 200, headers: { "content-type": "application/json" }, body };
  }
  const status = Number(returned["statusCode"]);
  if (!Number.isInteger(status) || status < 200 || status > 599) throw malformed();
  return {
    status,
    headers: { "content-type": "text/plain;charset=utf-8", ...headersOf(returned["headers"]) },
    cookies: cookiesOf(returned["cookies"]),
    body: bodyOf(returned["body"], returned["isBase64Encoded"]),
  };
};
