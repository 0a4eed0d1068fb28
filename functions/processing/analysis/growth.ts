import { assessAll, type Outcome } from "./assess";
import { type Books, type Period, previous } from "./books";
import { measure } from "./measure";
import type { Reading } from "./reading";
import { between } from "./scale";
import { percent } from "./wording";

/** Against the year before. From nothing or from a loss there is no rate of growth. */
const change = (figure: (period: Period) => number, name: string, period: Period, read: Reading): number => {
  const before = read.positive(figure(previous(period)), `${name} (${previous(period).date})`);
  return (figure(period) - before) / before;
};

/**
 * How fast a firm grows. Revenue is scored from a fall of 10 % to a rise of 20 %, for the year and for the latest quarter,
 * earnings per share from a fall of 20 % to a rise of 25 %.
 */
export const growth = (books: Books): Outcome => {
  const ofRevenue = (read: Reading, period: Period) =>
    change((one) => read.income("totalRevenue", one), "totalRevenue", period, read);
  const year = measure(books, {
    name: "revenue growth",
    shelf: books.years,
    value: ofRevenue,
    score: between(-0.1, 0.2),
    show: percent,
  });
  const quarter = measure(books, {
    name: "revenue growth of the quarter",
    shelf: books.quarters,
    value: ofRevenue,
    score: between(-0.1, 0.2),
    show: percent,
  });
  const earnings = measure(books, {
    name: "growth of earnings per share",
    shelf: books.years,
    value: (read, period) => change((one) => read.earnings("reportedEPS", one), "reportedEPS", period, read),
    score: between(-0.2, 0.25),
    show: percent,
  });
  return assessAll("Growth", [year, quarter, earnings]);
};
