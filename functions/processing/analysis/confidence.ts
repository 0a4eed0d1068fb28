import { agreementShare } from "./weights";

/** One thing that was seen: how good it is, and how certain that is. */
export interface Observation {
  score: number;
  certainty: number;
}

/** What is known of a part of the rating. The parts' weights come to at most 1; what is missing is not among them. */
export interface Known {
  weight: number;
  observations: readonly Observation[];
}

/** How far a part can be relied on: of many observations, at some point as far as anything can. */
export const certaintyOf = (observations: readonly Observation[]): number =>
  Math.min(
    1,
    observations.reduce((sum, { certainty }) => sum + certainty, 0),
  );

/** How much of two parts' certainty speaks for the same. */
const sharedBy = (a: readonly Observation[], b: readonly Observation[]): number => {
  let shared = 0;
  for (const one of a) {
    for (const other of b) shared += one.certainty * other.certainty * (1 - Math.abs(one.score - other.score));
  }
  return shared;
};

/**
 * From 0, nothing is known, to 1, all is known, is new and points the same way.
 *
 * Every term is a certainty, or a product of certainties with how far their scores agree: none is negative, and what is
 * missing or too old has none. So to know less can never add anything. Where an older report takes the place of a newer one
 * its score may agree better, by at most twice its certainty times the agreement's share; it loses more than that by
 * being worth less than two thirds.
 */
export const confidence = (parts: readonly Known[]): number => {
  let known = 0;
  let agreeing = 0;
  const certainties = parts.map(({ observations }) => certaintyOf(observations));
  for (const [at, part] of parts.entries()) {
    const certainty = certainties[at] ?? 0;
    known += part.weight * certainty;
    agreeing += (part.weight * certainty) ** 2;
    for (let before = 0; before < at; before++) {
      const other = parts[before];
      if (!other) continue;
      const most = certainty * (certainties[before] ?? 0);
      const shared = Math.min(most, sharedBy(part.observations, other.observations));
      agreeing += 2 * part.weight * other.weight * shared;
    }
  }
  return (1 - agreementShare) * known + agreementShare * agreeing;
};

/**
 * Where the score would lie, whatever the part of it that is not known came to: as wide as confidence falls short of 1,
 * always around the score, never outside 0 and 1.
 */
export const interval = (score: number, sure: number): { low: number; high: number } => ({
  low: sure * score,
  high: sure * score + (1 - sure),
});
