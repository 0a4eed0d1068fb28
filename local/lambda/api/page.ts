import { AwsError } from "../../cloud/awsError";
import { inconvertible } from "../../gateway/conversion";
import { within } from "./wellFormed";

const sizeOf = (asked: string, most: number): number => {
  if (!/^-?\d+$/.test(asked)) throw inconvertible(asked, "Integer");
  return Math.min(most, within("maxItems", Number(asked), 1, 10_000));
};

/** One page of a list. A marker is the place at which the next page begins. */
export const page = <T>(
  all: readonly T[],
  query: URLSearchParams,
  most: number,
): { items: T[]; NextMarker?: string } => {
  const from = Number(query.get("Marker") ?? 0);
  const size = sizeOf(query.get("MaxItems") ?? String(most), most);
  if (!Number.isInteger(from) || from < 0) {
    throw new AwsError("InvalidParameterValueException", "Marker is not valid.");
  }
  const next = from + size;
  return { items: all.slice(from, next), ...(next < all.length && { NextMarker: String(next) }) };
};

/** Parameters of the query that are not understood are refused by name. */
export const onlyQuery = (query: URLSearchParams, operation: string, known: readonly string[]): void => {
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new AwsError("NotImplemented", `The embedded cloud does not support ${unknown} of lambda:${operation}.`, 501);
};
