import { minorDigits } from "../../functions/processing/ledger/money";
import type { Entry } from "../../functions/processing/statements/statement";
import type { Survey } from "../../functions/processing/statements/survey";
import { visible } from "../visible";
import type { Reading } from "./tryReading";

const money = (amount: number, currency: string): string => {
  const places = minorDigits(currency);
  const digits = String(Math.abs(amount)).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const sign = amount < 0 ? "-" : "";
  return `${sign}${whole}${places > 0 ? `.${digits.slice(-places)}` : ""} ${currency}`;
};

const booking = ({ line, date, amount, currency, description, occurrence }: Entry): string => {
  const again = occurrence > 0 ? ` (alike: no. ${occurrence + 1})` : "";
  return `  ${String(line).padStart(6)}  ${date}  ${money(amount, currency).padStart(16)}  ${description}${again}`;
};

const named: Record<string, string> = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" };

const layout = ({ csv }: Survey): string[] => {
  if (!csv) return [];
  const columns = Object.entries(csv.layout.columns).map(([role, at]) => `${role} ${at + 1}`);
  return [
    `layout   ${named[csv.layout.delimiter] ?? csv.layout.delimiter}; dates ${csv.dateOrder}; decimal ${csv.decimalMark}`,
    `columns  ${columns.join(", ")}`,
  ];
};

/** A reading for people. */
export const printed = ({ survey, entryCount, entries, badLineCount, badLines, remarks }: Reading): string => {
  const { format, encoding, bytes, currency, account, balance } = survey;
  const more = (count: number, shown: number) => (count > shown ? [`  … and ${count - shown} more`] : []);
  return [
    `file     ${format}, ${encoding}, ${bytes} bytes${currency ? `, ${currency}` : ""}`,
    ...layout(survey),
    ...(account ? [`account  ${account.kind} …${account.ending}`] : []),
    ...(balance ? [`balance  ${money(balance.amount, balance.currency)} on ${balance.date}`] : []),
    `bookings ${entryCount}, bad lines ${badLineCount}, passed over ${remarks}`,
    "",
    ...entries.map(booking),
    ...more(entryCount, entries.length),
    ...badLines.map(({ line, field, reason }) => `  line ${line}: ${field} ${reason}`),
    ...more(badLineCount, badLines.length),
  ]
    .map(visible)
    .join("\n");
};
