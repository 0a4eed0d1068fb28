import type { Day } from "../days";
import type { QuarterlyStatement, Statement } from "./statement";

export interface Profile {
  symbol: string;
  name: string;
  sector: string;
  industry: string;
  exchange: "NYSE" | "NASDAQ";
  /** Says whether the company exists, and where its figures come from. */
  description: string;
  /** True if the company does not exist. */
  generated: boolean;
  cik: string;
  /** Such as December. */
  fiscalYearEnd: string;
}

/** What has been reported by a day. Newest first. */
export interface Reports {
  annual: readonly Statement[];
  quarterly: readonly QuarterlyStatement[];
}

/** What the stock exchange makes of a company. */
export interface Quotation {
  price: number;
  dividendPerShare: number;
  /** Absent where only the price is published. */
  chart?: { high: number; low: number; average50: number; average200: number; beta: number };
}

export interface Company {
  profile: Profile;
  reportsBy: (day: Day) => Reports;
  quotationOn: (day: Day) => Quotation;
  /** Reports that are due in these days, both included. Oldest first. */
  dueBetween: (from: Day, to: Day) => readonly QuarterlyStatement[];
}

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** 0 is January. */
export const monthName = (month: number): string => months[month % 12] ?? months[0];

export const keptYears = 5;
export const keptQuarters = 20;
