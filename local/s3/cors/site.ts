import { AwsError } from "../../cloud/awsError";
import type { HttpAnswer, HttpRequest, Site, WebRequest } from "../../cloud/service";
import type { S3 } from "../operation";
import { refuse } from "../wire/protocol";
import { type CorsQuestion, type CorsRule, corsHeaders, ruleFor } from "./rule";

const bucketIn = (path: string): string => /^\/([^/]*)/.exec(path)?.[1] ?? "";

const rulesOf = ({ buckets }: S3, path: string): readonly CorsRule[] => {
  const name = bucketIn(path);
  return buckets.all().find((bucket) => bucket.name === name)?.settings.cors ?? [];
};

const forbidden = (why: string, method: string): AwsError =>
  new AwsError("AccessForbidden", `CORSResponse: ${why}`, 403, { Method: method, ResourceType: "OBJECT" });

const answerPreflight = (s3: S3, http: HttpRequest): HttpAnswer => {
  const method = http.headers["access-control-request-method"];
  const { origin } = http.headers;
  if (origin === undefined || method === undefined) {
    const missing = origin === undefined ? "Origin request header needed" : "Access-Control-Request-Method needed";
    throw new AwsError("BadRequest", `Insufficient information. ${missing}.`);
  }
  const rules = rulesOf(s3, http.path);
  if (rules.length === 0) throw forbidden("CORS is not enabled for this bucket.", method);
  const headers = (http.headers["access-control-request-headers"] ?? "").split(/\s*,\s*/).filter(Boolean);
  const question: CorsQuestion = { origin, method, headers };
  const rule = ruleFor(rules, question);
  if (rule) return { status: 200, headers: corsHeaders(rule, question), body: "" };
  throw forbidden(
    "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    method,
  );
};

const questionOf = ({ headers: { origin }, method }: HttpRequest): CorsQuestion | undefined =>
  origin === undefined ? undefined : { origin, method, headers: [] };

/** Which rule of the bucket allows what a page does. */
const ruleOf = (s3: S3, http: HttpRequest): CorsRule | undefined => {
  const question = questionOf(http);
  return question && ruleFor(rulesOf(s3, http.path), question);
};

/** What S3 tells browsers about pages of other origins. */
export const corsSite = (s3: S3): Site => ({
  answer: (http: WebRequest, requestId) => {
    if (http.method !== "OPTIONS") return undefined;
    try {
      return Promise.resolve(answerPreflight(s3, http));
    } catch (error) {
      return error instanceof AwsError ? Promise.resolve(refuse(error, requestId)) : undefined;
    }
  },
  // What is only looked at, such as a picture by its presigned address, no page can read without a rule.
  admits: (http) => ruleOf(s3, http) !== undefined || (http.headers["origin"] === undefined && http.method === "GET"),
  complete: (http, answer) => {
    const question = questionOf(http);
    const rule = ruleOf(s3, http);
    return question && rule ? { ...answer, headers: { ...answer.headers, ...corsHeaders(rule, question) } } : answer;
  },
});
