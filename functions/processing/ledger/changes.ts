import type { FieldChange } from "../events/ledgerFields";

type Value = FieldChange["newValue"];

const told = (value: unknown): Value =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;

/** What an edit changes of these fields; a value that was or is not there is null. */
export const changesOf = (
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  fields: readonly string[],
): FieldChange[] =>
  fields.flatMap((field) => {
    const [oldValue, newValue] = [told(before[field]), told(after[field])];
    return oldValue === newValue ? [] : [{ field, oldValue, newValue }];
  });

/** An edit as JSON merge patch has it: what is left out stays, what is null goes. */
export const merged = <Row extends object>(row: Row, edit: Partial<Record<keyof Row, unknown>>): Row => {
  const given = Object.entries(edit).filter(([, value]) => value !== undefined);
  const gone = new Set(given.flatMap(([field, value]) => (value === null ? [field] : [])));
  const set = given.filter(([field]) => !gone.has(field));
  return Object.fromEntries([...Object.entries(row), ...set].filter(([field]) => !gone.has(field))) as Row;
};
