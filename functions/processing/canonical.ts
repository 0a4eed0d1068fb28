import { byText } from "./order";

/** The same text for the same value, in whatever order its fields come: DynamoDB keeps none. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => byText(a, b)))
      : one,
  );
