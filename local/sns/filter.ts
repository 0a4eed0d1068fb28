import { AwsError } from "../cloud/awsError";
import { compilePattern } from "../eventBridge/pattern";
import type { Publication, Subscription } from "./topic";

/** A value of an attribute, as filter policies compare it. */
const compared = ({ type, value }: { type: string; value: string }): unknown => {
  if (type === "Number") return Number(value);
  if (type !== "String.Array") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

const blank = { version: "0", id: "", "detail-type": "", source: "", account: "", time: "", region: "", resources: [] };

const subject = (publication: Publication, scope: string): Record<string, unknown> | undefined => {
  if (scope === "MessageAttributes") {
    return Object.fromEntries(Object.entries(publication.attributes).map(([name, one]) => [name, compared(one)]));
  }
  try {
    const body: unknown = JSON.parse(publication.message);
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

/** A subscription's filter policy. Its language is that of event patterns, applied to the attributes or the body. */
export const compileFilter = (text: string, scope = "MessageAttributes"): Subscription["filter"] => {
  if (scope !== "MessageAttributes" && scope !== "MessageBody") {
    throw new AwsError("InvalidParameter", `Invalid parameter: FilterPolicyScope: ${scope}`);
  }
  let matches: ReturnType<typeof compilePattern>;
  try {
    matches = compilePattern(JSON.stringify({ detail: JSON.parse(text) }));
  } catch (error) {
    throw new AwsError(
      "InvalidParameter",
      `Invalid parameter: FilterPolicy: ${error instanceof Error ? error.message : error}`,
    );
  }
  return {
    text,
    scope,
    accepts: (publication) => {
      const detail = subject(publication, scope);
      return detail !== undefined && matches({ ...blank, detail });
    },
  };
};
