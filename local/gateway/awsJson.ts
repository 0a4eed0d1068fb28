import { AwsError } from "../cloud/awsError";
import type { HttpAnswer, Protocol } from "../cloud/service";

interface Options {
  version: "1.0" | "1.1";
  /** What stands before the operation in X-Amz-Target, such as `AmazonSQS`. */
  target: string;
  /** Namespace of error types in the body's __type. */
  errorNamespace?: string;
  /** Codes of the service's older protocol, which newer SDKs still expect beside the new ones. */
  queryCodes?: Record<string, string>;
}

const parseBody = (body: Buffer): unknown => {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new AwsError("SerializationException", "The request's body is not JSON.");
  }
};

/** The protocol of services whose calls are a JSON document under a target header. */
export const awsJson = ({ version, target, errorNamespace, queryCodes }: Options): Protocol => {
  const contentType = `application/x-amz-json-${version}`;
  const answer = (
    status: number,
    requestId: string,
    body: string | Buffer,
    more: Record<string, string> = {},
  ): HttpAnswer => ({
    status,
    headers: { "content-type": contentType, "x-amzn-requestid": requestId, ...more },
    body,
  });
  return {
    parse: (http) => {
      const [prefix, operation] = (http.headers["x-amz-target"] ?? "").split(".");
      if (prefix !== target || !operation) return undefined;
      return { operation, input: parseBody(http.body) };
    },
    answer: (_operation, output, requestId) =>
      answer(200, requestId, Buffer.isBuffer(output) ? output : JSON.stringify(output ?? {})),
    refuse: (error, requestId) => {
      const type = errorNamespace ? `${errorNamespace}#${error.code}` : error.code;
      const body = JSON.stringify({ __type: type, message: error.message, ...error.more });
      const legacy = queryCodes?.[error.code];
      const fault = error.status < 500 ? "Sender" : "Receiver";
      return answer(error.status, requestId, body, {
        "x-amzn-errortype": error.code,
        ...(queryCodes && { "x-amzn-query-error": `${legacy ?? error.code};${fault}` }),
      });
    },
  };
};
