import type { WrittenDate } from "./date";
import { refusal } from "./refuse";
import { type DateOrder, dateOrders } from "./statement";

/** What the dates of a file, all together, tell about the order in which they are written. */
export interface OrderEvidence {
  dates: number;
  dotted: number;
  short: number;
  /** Dates that are not the same day in every order that fits them. */
  unlike: number;
  orders: Record<DateOrder, { fitting: number; firstYear: number; lastYear: number }>;
}

const none = () => ({ fitting: 0, firstYear: Number.POSITIVE_INFINITY, lastYear: Number.NEGATIVE_INFINITY });

export const noOrderEvidence = (): OrderEvidence => ({
  dates: 0,
  dotted: 0,
  short: 0,
  unlike: 0,
  orders: { DMY: none(), MDY: none(), YMD: none() },
});

export const noteOrder = (evidence: OrderEvidence, { days, dotted, short }: WrittenDate): void => {
  evidence.dates++;
  if (dotted) evidence.dotted++;
  if (short) evidence.short++;
  if (new Set(Object.values(days)).size > 1) evidence.unlike++;
  for (const order of dateOrders) {
    const day = days[order];
    if (day === undefined) continue;
    const seen = evidence.orders[order];
    const year = Number(day.slice(0, 4));
    seen.fitting++;
    if (year < seen.firstYear) seen.firstYear = year;
    if (year > seen.lastYear) seen.lastYear = year;
  }
};

/** Of a hundred dates one may be wrong: its line is bad. If more are, the file is written in two ways. */
const mostOdd = 0.01;

/** With two digits a year can be taken for a day; then the years of the statement lie far apart. */
const closest = ({ orders }: OrderEvidence, among: readonly DateOrder[]): DateOrder[] => {
  const span = (order: DateOrder) => orders[order].lastYear - orders[order].firstYear;
  const least = Math.min(...among.map(span));
  return among.filter((order) => span(order) === least);
};

/** The one order in which the dates of a file make sense. Two that both do are not chosen between by luck. */
export const decideOrder = (evidence: OrderEvidence, hint: DateOrder | undefined): DateOrder => {
  const { dates, dotted, short, unlike, orders } = evidence;
  if (dates === 0) return hint ?? "YMD";
  const fitting = dateOrders.filter((order) => orders[order].fitting >= dates * (1 - mostOdd));
  if (hint !== undefined) {
    if (fitting.includes(hint)) return hint;
    throw refusal("file.date", `does not fit the order ${hint}: most dates of the file are no dates in it`);
  }
  const likely = short > 0 ? closest(evidence, fitting) : fitting;
  const [only, another] = likely;
  if (only === undefined) throw refusal("file.date", "is written in two orders: make it one, such as YYYY-MM-DD");
  if (another === undefined || unlike === 0) return only;
  if (dotted === dates && likely.includes("DMY")) return "DMY";
  throw refusal("file.date", `could mean ${likely.join(" or ")}: say which as dateOrder, or write YYYY-MM-DD`);
};
