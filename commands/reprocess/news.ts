import type { Run } from "../../functions/processing/consume/run";
import { keptSeconds } from "../../functions/processing/news/items";
import { type NewsSummary, takeOver } from "../../functions/processing/news/sync";
import { parseNews } from "../../functions/processing/providers/alphaVantage";
import { readRaw } from "../../functions/processing/raw/keep";
import { listRaw } from "../../functions/processing/raw/list";

export interface NewsTold extends Pick<NewsSummary, "seen" | "added" | "linked" | "duplicates" | "unknown"> {
  answers: number;
  refused: { rawKey: string; reason: string }[];
}

/** Takes over articles that were left out when they came: for want of a company that is known by now, or of a rule. */
export const remakeNews = async (dryRun: boolean, run: Run): Promise<NewsTold> => {
  const told: NewsTold = { answers: 0, seen: 0, added: 0, linked: 0, duplicates: 0, unknown: 0, refused: [] };
  const oldest = run.now() - keptSeconds * 1_000;
  for (const rawKey of await listRaw("alphavantage/news/", run)) {
    const answer = await readRaw(rawKey, run);
    if (!answer) continue;
    told.answers++;
    try {
      const { articles, refused } = parseNews(answer.body);
      // Older ones would be gone at once.
      const wanted = articles.filter(({ publishedAt }) => !(Date.parse(publishedAt) < oldest));
      const summary = await takeOver(wanted, refused, run, { dryRun });
      for (const count of ["seen", "added", "linked", "duplicates", "unknown"] as const) told[count] += summary[count];
      told.refused.push(...summary.refused.map(({ at, reason }) => ({ rawKey, reason: `${at}: ${reason}` })));
    } catch (error) {
      told.refused.push({ rawKey, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return told;
};
