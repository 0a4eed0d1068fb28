import type { HttpAnswer } from "../../cloud/service";

/** What API Gateway itself answers, by AWS's words. */
const messages = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  413: "Request Entity Too Large",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

/** As access logs call it. */
const types = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "ACCESS_DENIED",
  404: "NOT_FOUND",
  413: "REQUEST_TOO_LARGE",
  429: "THROTTLED",
  431: "REQUEST_TOO_LARGE",
  500: "INTEGRATION_FAILURE",
  503: "INTEGRATION_TIMEOUT",
} as const satisfies Record<keyof typeof messages, string>;

export type RefusalStatus = keyof typeof messages;

/** Why there is no answer of a function's. */
export class Refusal extends Error {
  override name = "Refusal";

  constructor(
    readonly status: RefusalStatus,
    /** For the access log: what went wrong with the token, or with the function. */
    readonly reason: { authorizer?: string; integration?: string } = {},
    readonly headers: Record<string, string> = {},
  ) {
    super(messages[status]);
  }

  get type(): string {
    return types[this.status];
  }

  answer(): HttpAnswer {
    return {
      status: this.status,
      headers: { "content-type": "application/json", ...this.headers },
      body: JSON.stringify({ message: this.message }),
    };
  }
}
