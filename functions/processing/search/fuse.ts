/** So many places count about the same; the usual choice. */
const flatness = 60;

export interface Ranked<Hit> {
  hit: Hit;
  score: number;
}

/**
 * One ranking from several, by reciprocal rank: a place near the top of any list counts much, and scores, which no two
 * lists share, do not count at all. Of hits with the same id the first list's is kept. Equals stay in the order of the lists.
 */
export const fuse = <Hit>(lists: readonly (readonly Hit[])[], idOf: (hit: Hit) => string): Ranked<Hit>[] => {
  const found = new Map<string, Ranked<Hit>>();
  for (const list of lists) {
    const counted = new Set<string>();
    for (const hit of list) {
      const id = idOf(hit);
      if (counted.has(id)) continue;
      counted.add(id);
      const known = found.get(id) ?? { hit, score: 0 };
      known.score += 1 / (flatness + counted.size);
      found.set(id, known);
    }
  }
  return [...found.values()].sort((a, b) => b.score - a.score);
};
