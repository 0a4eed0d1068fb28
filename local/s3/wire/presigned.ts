import type { HttpRequest } from "../../cloud/service";
import { accessDenied } from "../errors";

const signing = /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256)$/i;

const parameter = (query: URLSearchParams, wanted: string): string | undefined =>
  [...query].find(([name]) => name.toLowerCase() === wanted)?.[1];

const signedAt = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

/** Refuses a URL whose time is over. */
export const checkExpiry = ({ query }: HttpRequest, now: number): void => {
  if (parameter(query, "x-amz-credential") === undefined) return;
  const expires = Number(parameter(query, "x-amz-expires"));
  const from = signedAt(parameter(query, "x-amz-date") ?? "");
  if (!(expires >= 1 && expires <= 604_800) || Number.isNaN(from)) {
    throw accessDenied("X-Amz-Date and X-Amz-Expires (1 to 604800 seconds) are needed in a presigned URL");
  }
  const until = from + expires * 1_000;
  if (now <= until) return;
  throw accessDenied("Request has expired", {
    "X-Amz-Expires": expires,
    Expires: new Date(until).toISOString(),
    ServerTime: new Date(now).toISOString(),
  });
};

/** A presigned URL carries headers as parameters: takes them back. */
export const hoistedHeaders = ({ query, headers }: HttpRequest): Record<string, string> => {
  const hoisted = [...query].filter(([name]) => /^x-amz-/i.test(name) && !signing.test(name));
  return { ...headers, ...Object.fromEntries(hoisted.map(([name, value]) => [name.toLowerCase(), value])) };
};

export const isSigningParameter = (name: string): boolean => /^x-amz-/i.test(name);
