import { AwsError } from "../cloud/awsError";

export type Target = "String" | "Integer" | "Boolean" | "list" | "structure";

/** AWS has one article for each of its types, and "an" for Boolean too. */
const scalars: Partial<Record<Target, string>> = { String: "a String", Integer: "an Integer", Boolean: "an Boolean" };

const tokenOf = (value: unknown): string =>
  typeof value === "boolean" ? String(value).toUpperCase() : (typeof value).toUpperCase();

/** AWS's refusal of a JSON value that is of another type than its service's model has. */
export const inconvertible = (value: unknown, target: Target): AwsError => {
  const scalar = scalars[target];
  const message = (): string => {
    if (typeof value === "object" && value !== null && !(target === "structure" && Array.isArray(value))) {
      return "Start of structure or map found where not expected.";
    }
    if (scalar) return `${tokenOf(value)}_VALUE can not be converted to ${scalar}`;
    return target === "list" ? "Expected list or null" : "Expected null";
  };
  return new AwsError("SerializationException", message());
};

/** A whole number as AWS reads it: without what stands after its point. */
export const integer = (value: unknown): number => {
  if (typeof value !== "number") throw inconvertible(value, "Integer");
  return Math.trunc(value);
};

export const boolean = (value: unknown): boolean => {
  if (typeof value !== "boolean") throw inconvertible(value, "Boolean");
  return value;
};
