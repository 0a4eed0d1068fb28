import * as v from "valibot";
import { symbolText } from "../providers/readRow";
import { type Form, type figuresNamed, kindsOf, listedIn, reportList } from "./form";

const answer = v.pipe(
  v.object({ symbol: symbolText, annualReports: reportList, quarterlyReports: reportList }),
  v.transform(({ symbol, annualReports, quarterlyReports }) => ({
    symbol,
    listed: [
      ...listedIn("annualReports", "annual", annualReports),
      ...listedIn("quarterlyReports", "quarterly", quarterlyReports),
    ],
  })),
  v.check(({ listed }) => listed.length > 0, "must have annualReports or quarterlyReports"),
);

/** One of the three financial statements: all are written alike. */
export const statement = (
  figures: ReturnType<typeof figuresNamed>,
  nameOf: Form["nameOf"] = (field) => field,
): Form => ({
  answer,
  fiscalDate: "fiscalDateEnding",
  nameOf,
  kinds: kindsOf({ figures, texts: ["reportedCurrency"] }),
});
