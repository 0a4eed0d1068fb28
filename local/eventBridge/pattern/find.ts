export type Scalar = string | number | boolean | null;

/** An element of an array that lies on the way to a value. */
export interface Element {
  readonly array: readonly unknown[];
  readonly index: number;
  readonly outer: Element | undefined;
}

export interface Found {
  readonly value: Scalar;
  readonly within: Element | undefined;
}

/** The keys by which a path can go on from its nth name, and how many names each of them uses up. */
export type Path = readonly (readonly { readonly key: string; readonly next: number }[])[];

/** A dot in a key means the same as a level of nesting, in patterns as in events: all the ways to read it are listed. */
export const toPath = (path: string): Path => {
  const names = path.split(".");
  return names.map((_, from) =>
    names.slice(from).map((_, taken) => {
      const next = from + taken + 1;
      return { key: names.slice(from, next).join("."), next };
    }),
  );
};

const collect = (node: unknown, path: Path, from: number, within: Element | undefined, found: Found[]): void => {
  if (Array.isArray(node)) {
    for (let index = 0; index < node.length; index++) {
      const element: unknown = node[index];
      const nested = typeof element === "object" && element !== null;
      collect(element, path, from, nested ? { array: node, index, outer: within } : within, found);
    }
  } else if (typeof node === "object" && node !== null) {
    const ways = path[from];
    if (!ways) return;
    for (const { key, next } of ways) {
      if (Object.hasOwn(node, key)) collect((node as Record<string, unknown>)[key], path, next, within, found);
    }
  } else if (from === path.length && node !== undefined) {
    found.push({ value: node as Scalar, within });
  }
};

/** Every leaf the path leads to. Objects and empty arrays are no leaves, so that for a pattern they do not exist. */
export const find = (event: object, path: Path): Found[] => {
  const found: Found[] = [];
  collect(event, path, 0, undefined, found);
  return found;
};

const indexIn = (within: Element | undefined, array: readonly unknown[]): number | undefined => {
  for (let at = within; at; at = at.outer) if (at.array === array) return at.index;
  return undefined;
};

/** Whether no array would have to give two different elements. */
export const agree = (chosen: Element | undefined, other: Element | undefined): boolean => {
  for (let at = other; at; at = at.outer) {
    const index = indexIn(chosen, at.array);
    if (index !== undefined && index !== at.index) return false;
  }
  return true;
};

export const both = (chosen: Element | undefined, other: Element | undefined): Element | undefined => {
  let joined = chosen;
  for (let at = other; at; at = at.outer) {
    if (indexIn(chosen, at.array) === undefined) joined = { array: at.array, index: at.index, outer: joined };
  }
  return joined;
};
