import { type Random, randomOf } from "../../random";
import { bankTraits, bookValue, nextBankQuarter, openingBankBooks } from "./bank";
import { openingBooks } from "./books";
import { type Figured, fairPrice, nextQuarter } from "./quarter";
import { type Kind, trades } from "./trade";
import { traitsOf } from "./traits";

/** A quarter as it went, and what a share was worth at its end. */
export interface Lived {
  figures: Figured;
  price: number;
}

/** A company's life, quarter after quarter, from its first one on. */
export type Live = () => Lived;

type Step<Books> = (books: Books, quarter: number, random: Random) => { books: Books; figures: Figured };

const live = <Books>(
  opening: Books,
  step: Step<Books>,
  price: (books: Books) => number,
  name: readonly (string | number)[],
): Live => {
  let books = opening;
  let quarter = 0;
  return () => {
    // Chance has its own stream for each quarter, so that a later one never depends on how far somebody looked.
    const next = step(books, quarter, randomOf(...name, "quarter", quarter));
    books = next.books;
    quarter++;
    return { figures: next.figures, price: price(books) };
  };
};

export const lifeOf = (kind: Kind, name: readonly (string | number)[]): Live => {
  const random = randomOf(...name, "traits");
  if (kind === "bank") {
    const traits = bankTraits(random);
    return live(
      openingBankBooks(traits),
      (books, quarter, chance) => nextBankQuarter(books, traits, quarter, chance),
      (books) => Math.max(1, bookValue(books) * traits.priceToBook),
      name,
    );
  }
  const traits = traitsOf(trades[kind], random);
  return live(
    openingBooks(traits),
    (books, quarter, chance) => nextQuarter(books, traits, quarter, chance),
    (books) => fairPrice(traits, books),
    name,
  );
};
