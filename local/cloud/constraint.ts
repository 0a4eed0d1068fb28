/** What a parameter is not, as AWS says of a request that does not fit its service's model. */
export interface Violation {
  /** Its path, such as logEvents.1.member.message. */
  at: string;
  value: unknown;
  /** What it must do, such as "have value less than or equal to 10000". */
  must: string;
}

export const notNull = (at: string): Violation => ({ at, value: undefined, must: "not be null" });

const written = (value: unknown): string => {
  if (value === undefined || value === null) return "Value null";
  if (Array.isArray(value) && value.length === 0) return "Value '[]'";
  return typeof value === "object" ? "Value" : `Value '${value}'`;
};

/** AWS names all that is wrong with a request, after their number. */
export const violations = (found: readonly Violation[]): string => {
  const each = found.map(
    ({ at, value, must }) => `${written(value)} at '${at}' failed to satisfy constraint: Member must ${must}`,
  );
  return `${found.length} validation error${found.length === 1 ? "" : "s"} detected: ${each.join("; ")}`;
};

/** A whole number's limits. */
export const range = (at: string, value: number, least: number, most: number): Violation | undefined => {
  if (value < least) return { at, value, must: `have value greater than or equal to ${least}` };
  return value > most ? { at, value, must: `have value less than or equal to ${most}` } : undefined;
};

export const oneOf = (names: readonly (string | number)[]): string => `satisfy enum value set: [${names.join(", ")}]`;
