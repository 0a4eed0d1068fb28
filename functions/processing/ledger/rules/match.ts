import { compilePattern, type Pattern } from "../../pattern/pattern";
import type { Conditions, Rule } from "../rule";
import type { Transaction } from "../transaction";

type Judged = Pick<Transaction, "description" | "amount" | "date">;

/** A rule that is ready to be tried. */
export interface Matcher {
  rule: Rule;
  matches: (transaction: Judged) => boolean;
}

/** The same letters, however they are composed and whatever their case. */
const plain = (text: string): string => text.normalize("NFC").toLowerCase();

/** A rule's pattern, for texts whose letters are composed. */
export const readPattern = (regex: string): Pattern => compilePattern(regex.normalize("NFC"));

const within = <Value extends number | string>(value: Value, from: Value | undefined, to: Value | undefined): boolean =>
  (from === undefined || value >= from) && (to === undefined || value <= to);

export const matcherOf = (rule: Rule): Matcher => {
  const { contains, regex, amountFrom, amountTo, dateFrom, dateTo } = rule;
  const part = contains === undefined ? undefined : plain(contains);
  const pattern = regex === undefined ? undefined : readPattern(regex);
  return {
    rule,
    // The cheap questions first.
    matches: ({ description, amount, date }) =>
      within(amount, amountFrom, amountTo) &&
      within(date, dateFrom, dateTo) &&
      (part === undefined || plain(description).includes(part)) &&
      (pattern === undefined || pattern.foundIn(description.normalize("NFC"))),
  };
};

/** In the order in which they are asked: by priority, then confidence, then the older one first. */
export const inOrder = (rules: readonly Rule[]): Rule[] =>
  [...rules].sort((a, b) => b.priority - a.priority || b.confidence - a.confidence || (a.ruleId < b.ruleId ? -1 : 1));

/** A rule's conditions in words: what its event tells of it. */
export const patternOf = ({ contains, regex, amountFrom, amountTo, dateFrom, dateTo }: Conditions): string => {
  const range = (what: string, from: unknown, to: unknown) =>
    from === undefined && to === undefined ? [] : [`${what} ${from ?? "any"} to ${to ?? "any"}`];
  return [
    ...(contains === undefined ? [] : [`contains ${JSON.stringify(contains)}`]),
    ...(regex === undefined ? [] : [`matches ${JSON.stringify(regex)}`]),
    ...range("amount", amountFrom, amountTo),
    ...range("date", dateFrom, dateTo),
  ].join(" and ");
};
