import { agree, both, type Element, type Found, find, type Path, type Scalar, toPath } from "./find";

export type Test = (value: Scalar) => boolean;

/** What a pattern wants of one field. */
export interface Wanted {
  readonly test: Test;
  /** Set by `exists: false`: the field may also be missing. */
  readonly orAbsent: boolean;
}

/** Fields that must all match, by their full path. */
export type Conjunction = ReadonlyMap<string, Wanted>;

interface Field extends Wanted {
  readonly path: Path;
}

const someMatch = (found: readonly Found[], test: Test): boolean => {
  for (const { value } of found) if (test(value)) return true;
  return false;
};

/** Looks for one leaf per field so that no two of them come from different elements of one array. */
const consistent = (fields: readonly Field[], found: readonly Found[][], at: number, chosen?: Element): boolean => {
  const field = fields[at];
  if (!field) return true;
  const candidates = (found[at] ?? []).filter(({ within }) => agree(chosen, within));
  return (
    candidates.some(
      ({ value, within }) => field.test(value) && consistent(fields, found, at + 1, both(chosen, within)),
    ) ||
    (field.orAbsent && candidates.length === 0 && consistent(fields, found, at + 1, chosen))
  );
};

/** Fields are tried in the order of their paths: which elements an `exists: false` looks at depends on it. */
export const toSearch = (conjunction: Conjunction): ((event: object) => boolean) => {
  const fields: Field[] = [...conjunction]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, wanted]) => ({ ...wanted, path: toPath(path) }));
  return (event) => {
    const found: Found[][] = [];
    let inArrays = false;
    for (const { path, test, orAbsent } of fields) {
      const leaves = find(event, path);
      const nested = leaves.some(({ within }) => within);
      const absent = orAbsent && (nested || leaves.length === 0);
      if (!absent && !someMatch(leaves, test)) return false;
      found.push(leaves);
      inArrays ||= nested;
    }
    return !inArrays || consistent(fields, found, 0);
  };
};
