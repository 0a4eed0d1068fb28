import { assessOne, type Outcome } from "./assess";
import type { Books } from "./books";
import { measure } from "./measure";
import { between } from "./scale";
import { percent } from "./wording";

/** 15 times earnings and one and a half times book value, multiplied. */
const multiple = 22.5;

/** The most that a cautious investor pays for a share. */
export const grahamNumber = (earningsPerShare: number, bookValuePerShare: number): number =>
  Math.sqrt(multiple * earningsPerShare * bookValuePerShare);

/**
 * The Graham number as a share of the price. Scored 0 up to 40 %, 1 from 120 % on: at a price of just the number, 0.75.
 * A firm without profit or without equity has no such number.
 */
export const graham = (books: Books): Outcome => {
  const rule = "Graham's number";
  const measured = measure(books, {
    name: "Graham number to price",
    shelf: books.latest,
    value: (read) => {
      const marketValue = read.positive(read.overview("marketCapitalization"), "marketCapitalization");
      const price = read.ratio(marketValue, read.overview("sharesOutstanding"), "sharesOutstanding");
      const number = grahamNumber(
        read.positive(read.overview("eps"), "eps"),
        read.positive(read.overview("bookValue"), "bookValue"),
      );
      return number / read.positive(price, "price");
    },
    score: between(0.4, 1.2),
    show: percent,
  });
  return assessOne(
    rule,
    measured,
    ({ shown, fiscal_date }) => `Graham's number is ${shown} of the price, by the figures of ${fiscal_date}.`,
  );
};
