import { erfc, incompleteBeta } from "./special";

/** The probability that a standard normal value lies at least so far from 0, on either side. */
export const normalTails = (z: number): number => erfc(Math.abs(z) / Math.SQRT2);

/** The same for Student's t. */
export const studentTails = (t: number, degrees: number): number =>
  incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);

const halvings = 200;

/** How far from 0 a value has to lie for its tails to have this probability. */
const distance = (tails: (value: number) => number, probability: number): number => {
  let [low, high] = [0, 1];
  while (tails(high) > probability) high *= 2;
  for (let at = 0; at < halvings && low < high; at++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (tails(middle) > probability) low = middle;
    else high = middle;
  }
  return high;
};

export const normalDistance = (probability: number): number => distance(normalTails, probability);

export const studentDistance = (probability: number, degrees: number): number =>
  distance((t) => studentTails(t, degrees), probability);
