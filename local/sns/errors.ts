import { AwsError } from "../cloud/awsError";
import { notNull, violations } from "../cloud/constraint";

export const invalidParameter = (what: string): AwsError =>
  new AwsError("InvalidParameter", `Invalid parameter: ${what}`);

/** Of a message attribute. */
export const invalidAttribute = (message: string): AwsError => new AwsError("ParameterValueInvalid", message);

export const mustNotBeNull = (place: string): AwsError => new AwsError("ValidationError", violations([notNull(place)]));

export const doesNotExist = (what: "Topic" | "Subscription"): AwsError =>
  new AwsError("NotFound", `${what} does not exist`, 404);

/** What an ARN lacks for being one. Undefined: it has all its parts. */
export const missingParts = (text: string): string | undefined => {
  const count = text.split(":").length;
  return count < 6 ? `An ARN must have at least 6 elements, not ${count}` : undefined;
};
