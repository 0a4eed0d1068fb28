import { rate } from "../analysis/rating";
import type { Run } from "../consume/run";
import { analysisIdOf, type Item } from "./item";
import { readFundamentals, readPeers } from "./read";
import { keepResult, resultKey } from "./results";

/** Where the rating lies, and the little of it that a state machine needs to know. */
export interface Analysed {
  analysisId: string;
  resultKey: string;
  investmentRating: string;
}

/** Rates a company by all that is known of it. The rating travels by reference: in full it could outgrow a state. */
export const analyse = async (item: Item, run: Run): Promise<Analysed> => {
  const { assetId, analysisType, requestedAt } = item;
  const at = Date.parse(requestedAt);
  const fundamentals = await readFundamentals(assetId, at, run);
  const { sector = "", name = "" } = fundamentals.overview?.texts ?? {};
  const peers = analysisType === "advanced" && sector ? await readPeers(sector, run) : [];
  const found = rate(fundamentals, { analysisType, now: at, peers });
  const analysisId = analysisIdOf(item);
  const key = resultKey(assetId, requestedAt.slice(0, 10), analysisId);
  const { rating } = await keepResult(key, { rating: found, ...(sector && { sector }), ...(name && { name }) }, run);
  run.log.info("rated", { investmentRating: rating.investment_rating, score: rating.score, resultKey: key });
  return { analysisId, resultKey: key, investmentRating: rating.investment_rating };
};
