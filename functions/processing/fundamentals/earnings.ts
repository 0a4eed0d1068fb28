import * as v from "valibot";
import { symbolText } from "../providers/readRow";
import { type Form, figuresNamed, kindsOf, listedIn, reportList } from "./form";

export const earningsFigures = figuresNamed(["reportedEPS", "estimatedEPS", "surprise", "surprisePercentage"]);
export type EarningsFigures = v.InferOutput<typeof earningsFigures>;

const answer = v.pipe(
  v.object({ symbol: symbolText, annualEarnings: reportList, quarterlyEarnings: reportList }),
  v.transform(({ symbol, annualEarnings, quarterlyEarnings }) => ({
    symbol,
    listed: [
      ...listedIn("annualEarnings", "annual", annualEarnings),
      ...listedIn("quarterlyEarnings", "quarterly", quarterlyEarnings),
    ],
  })),
  v.check(({ listed }) => listed.length > 0, "must have annualEarnings or quarterlyEarnings"),
);

export const earnings: Form = {
  answer,
  fiscalDate: "fiscalDateEnding",
  nameOf: (field) => field,
  kinds: kindsOf({ figures: earningsFigures, texts: ["reportTime"], days: ["reportedDate"] }),
};
