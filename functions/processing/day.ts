export const dayMs = 86_400_000;

/** The day of a moment, in UTC. */
export const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

/** Every day from the first to the last of the two. */
export const daysBetween = (from: string, to: string): string[] => {
  const start = Date.parse(from);
  const count = Math.round((Date.parse(to) - start) / dayMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, at) => dayOf(start + at * dayMs));
};
