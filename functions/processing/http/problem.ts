import type { Failure } from "../failure";
import { redactText } from "../redact";

/** One thing that is wrong with a request, and where: a JSON pointer into the body, or the name of a parameter or header. */
export interface Complaint {
  detail: string;
  pointer?: string;
  parameter?: string;
  header?: string;
}

const titles: Record<number, string> = {
  400: "The request is not understood",
  401: "No valid token",
  404: "Not found",
  409: "In conflict with what is there",
  412: "A condition of the request is not met",
  413: "Too large",
  415: "Not in a format that is understood",
  422: "The request cannot be done",
  429: "Too many requests",
  500: "Something is wrong on our side",
  503: "Not available at the moment",
};

/** Refuses a request, as RFC 9457 has it. What the caller sent is never repeated: it may be a secret. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly errors: readonly Complaint[] = [],
    readonly headers: Record<string, string> = {},
  ) {
    super(detail);
    this.name = "Problem";
  }
}

/** What is absent and what is another's are one answer: nobody learns from it what others have. */
export const notFound = (): Problem => new Problem(404, "There is nothing of yours under this id.");

export const wrongField = (pointer: string, rule: string, status = 422): Problem =>
  new Problem(status, `${pointer.slice(2)} ${rule}`, [{ detail: rule, pointer }]);

const retryAfter = { "retry-after": "1" };

/** What a failure means to the caller. The reason stays in our log. */
export const problemOf = (failure: Failure): Problem => {
  switch (failure.category) {
    case "validation":
      return new Problem(400, redactText(failure.message));
    case "conflict":
      return new Problem(409, "Somebody else changed the same at the same time: read it again.", [], retryAfter);
    case "throttled":
    case "unavailable":
      return new Problem(
        503,
        "This did not work now: try it again, under the same Idempotency-Key if it had one.",
        [],
        retryAfter,
      );
    default:
      return new Problem(500, "This did not work. It has been noted.");
  }
};

export const problemBody = ({ status, message, errors }: Problem, correlationId: string) => ({
  type: "about:blank",
  title: titles[status] ?? "The request is refused",
  status,
  detail: message,
  instance: `urn:signal9:request:${correlationId}`,
  ...(errors.length > 0 && { errors }),
});
