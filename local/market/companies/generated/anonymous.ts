import { randomOf } from "../../random";
import { reportingPlan } from "./calendar";
import type { Invented } from "./company";
import type { Kind } from "./trade";

const consonants = "BDFGHKLMNPRSTVZ";
const vowels = "AEIOU";

/** Five letters that can be spoken, another word for each number below 84,375. */
export const anonymousSymbol = (number: number): string => {
  let left = number;
  return [consonants, vowels, consonants, vowels, consonants]
    .map((letters) => {
      const letter = letters.charAt(left % letters.length);
      left = Math.floor(left / letters.length);
      return letter;
    })
    .join("");
};

const kinds: readonly [Kind, ...Kind[]] = [
  "industry",
  "software",
  "hardware",
  "health",
  "biotechnology",
  "staples",
  "retail",
  "energy",
  "transport",
  "utility",
  "material",
  "communication",
  "property",
  "bank",
];

/** A company of which nothing was said but its symbol. */
export const anonymous = (symbol: string, seed: string): Invented => {
  const random = randomOf(seed, symbol, "anonymous");
  const kind = random.pick(kinds);
  const spoken = `${symbol.charAt(0)}${symbol.slice(1).toLowerCase()}`;
  return {
    symbol,
    seed,
    kind,
    name: `${spoken} Generated`,
    plan: reportingPlan(random.integer(0, 71), random.integer(0, 3)),
  };
};
