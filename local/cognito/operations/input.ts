import { onlyKnown } from "../../cloud/parameters";
import { missing } from "../errors";

export type Input = Record<string, unknown>;

/** Refuses a parameter that nothing here acts on. */
export const checkKnown = (operation: string, input: Input, known: readonly string[]): void => {
  const given = Object.keys(input).filter((name) => input[name] !== null);
  onlyKnown(`cognito-idp:${operation}`, given, known);
};

export const textIn = (input: Input, name: string): string => {
  const value = input[name];
  if (typeof value !== "string" || value === "") throw missing(name);
  return value;
};

export const textsIn = (input: Input, name: string): Record<string, string> => {
  const value = input[name];
  return typeof value === "object" && value !== null ? (value as Record<string, string>) : {};
};

/** `[{ Name, Value }]` as a record. */
export const attributesIn = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    ((value ?? []) as { Name: string; Value?: string }[]).map(({ Name, Value = "" }) => [Name, Value]),
  );

export const attributeList = (attributes: Record<string, string>) =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
