import { AwsError } from "../../cloud/awsError";
import { range, type Violation, violations } from "../../cloud/constraint";
import { integer } from "../../gateway/conversion";

/** The refusal of a request that does not fit Lambda's model. */
export const malformed = (found: Violation): AwsError => new AwsError("ValidationException", violations([found]));

export const within = (at: string, value: unknown, least: number, most: number): number => {
  const number = integer(value);
  const trouble = range(at, number, least, most);
  if (trouble) throw malformed(trouble);
  return number;
};
