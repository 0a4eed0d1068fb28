import { AwsError } from "../../cloud/awsError";

/** Which pages of other origins may do what with a bucket's objects. */
export interface CorsRule {
  id?: string;
  origins: readonly string[];
  methods: readonly string[];
  headers: readonly string[];
  expose: readonly string[];
  maxAgeSeconds?: number;
}

/** What a browser asks on behalf of a page. */
export interface CorsQuestion {
  origin: string;
  method: string;
  /** Those that the page wants to send. */
  headers: readonly string[];
}

const methods = ["GET", "PUT", "POST", "DELETE", "HEAD"];

/** Refuses what S3 refuses. */
export const checkRules = (rules: readonly CorsRule[]): void => {
  for (const { origins, methods: allowed, headers } of rules) {
    const unknown = allowed.find((method) => !methods.includes(method));
    if (unknown !== undefined) {
      throw new AwsError(
        "InvalidRequest",
        `Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`,
      );
    }
    for (const [what, patterns] of Object.entries({ AllowedOrigin: origins, AllowedHeader: headers })) {
      const greedy = patterns.find((pattern) => pattern.split("*").length > 2);
      if (greedy !== undefined) {
        throw new AwsError("InvalidRequest", `${what} "${greedy}" can not have more than one wildcard.`);
      }
    }
  }
};

const fits = (pattern: string, value: string): boolean => {
  const [head = "", tail] = pattern.split("*");
  if (tail === undefined) return pattern === value;
  return value.length >= head.length + tail.length && value.startsWith(head) && value.endsWith(tail);
};

/** The first rule that allows all of it. */
export const ruleFor = (rules: readonly CorsRule[], { origin, method, headers }: CorsQuestion): CorsRule | undefined =>
  rules.find(
    (rule) =>
      rule.origins.some((pattern) => fits(pattern, origin)) &&
      rule.methods.includes(method) &&
      headers.every((name) => rule.headers.some((pattern) => fits(pattern.toLowerCase(), name.toLowerCase()))),
  );

/** What the browser is told. */
export const corsHeaders = (rule: CorsRule, { origin, headers }: CorsQuestion): Record<string, string> => {
  const anyone = rule.origins.includes("*");
  return {
    "access-control-allow-origin": anyone ? "*" : origin,
    "access-control-allow-methods": rule.methods.join(", "),
    ...(headers.length > 0 && { "access-control-allow-headers": headers.join(", ").toLowerCase() }),
    ...(rule.expose.length > 0 && { "access-control-expose-headers": rule.expose.join(", ") }),
    ...(rule.maxAgeSeconds !== undefined && { "access-control-max-age": String(rule.maxAgeSeconds) }),
    ...(!anyone && { "access-control-allow-credentials": "true" }),
    vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  };
};
