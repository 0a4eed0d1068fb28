import * as v from "valibot";
import { symbolText } from "../providers/readRow";
import { type Form, figuresNamed, kindsOf } from "./form";

export const overviewFigures = figuresNamed([
  "marketCapitalization",
  "ebitda",
  "peRatio",
  "pegRatio",
  "bookValue",
  "dividendPerShare",
  "dividendYield",
  "eps",
  "revenuePerShareTTM",
  "profitMargin",
  "operatingMarginTTM",
  "returnOnAssetsTTM",
  "returnOnEquityTTM",
  "revenueTTM",
  "grossProfitTTM",
  "dilutedEPSTTM",
  "quarterlyEarningsGrowthYOY",
  "quarterlyRevenueGrowthYOY",
  "analystTargetPrice",
  "analystRatingStrongBuy",
  "analystRatingBuy",
  "analystRatingHold",
  "analystRatingSell",
  "analystRatingStrongSell",
  "trailingPE",
  "forwardPE",
  "priceToSalesRatioTTM",
  "priceToBookRatio",
  "evToRevenue",
  "evToEBITDA",
  "beta",
  "week52High",
  "week52Low",
  "day50MovingAverage",
  "day200MovingAverage",
  "sharesOutstanding",
  "sharesFloat",
  "percentInsiders",
  "percentInstitutions",
]);
export type OverviewFigures = v.InferOutput<typeof overviewFigures>;

const texts = [
  "assetType",
  "name",
  "description",
  "cik",
  "exchange",
  "currency",
  "country",
  "industry",
  "address",
  "officialSite",
  "fiscalYearEnd",
];

/** `MarketCapitalization` is marketCapitalization here, `PERatio` is peRatio, `52WeekHigh` is week52High. */
const nameOf = (field: string): string =>
  field
    .replace(/^(\d+)(Week|Day)/, (_, number: string, unit: string) => `${unit}${number}`)
    .replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (capitals) => capitals.toLowerCase());

export const overview: Form = {
  answer: v.pipe(
    v.looseObject({ Symbol: symbolText }),
    v.transform(({ Symbol: symbol, ...raw }) => ({ symbol, listed: [{ at: "", period: "latest" as const, raw }] })),
  ),
  fiscalDate: "LatestQuarter",
  nameOf,
  kinds: kindsOf({ figures: overviewFigures, texts, keys: ["sector"], days: ["dividendDate", "exDividendDate"] }),
};
