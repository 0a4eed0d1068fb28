import { puttingTogether } from "../aws/putTogether";
import { readMany } from "../aws/readMany";
import { writeTogether } from "../aws/writeTogether";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { derivedId } from "../events/derivedId";
import { Failure } from "../failure";
import { searchQueue } from "../work/names";
import { enqueuingAnew } from "../work/queue";
import { type articleItem, articleKey, type linkItem } from "./items";

/** Those of the articles, by their hashes, that are stored already. */
export const storedAmong = async (hashes: readonly string[], run: Run): Promise<Set<string>> => {
  const rows = await readMany(env("NEWS_TABLE"), hashes.map(articleKey), ["asset_id"], run);
  return new Set(rows.map(({ asset_id }) => String(asset_id).slice("ARTICLE#".length)));
};

/** The same link has the same key and content, so that this may be cut off and done again. */
export const writeLinks: (links: readonly ReturnType<typeof linkItem>[], run: Run) => Promise<void> = puttingTogether(
  () => env("NEWS_TABLE"),
);

/** An article is indexed under its hash, as a company is under its symbol. */
const indexing = (article: ReturnType<typeof articleItem>, now: number) => {
  const hash = article.asset_id.slice("ARTICLE#".length);
  const id = derivedId("news", hash);
  const job = {
    queue: searchQueue,
    assetId: hash,
    task: "news",
    priority: "low",
    eventId: id,
    correlationId: id,
  } as const;
  return enqueuingAnew(job, now);
};

/** The article, and with it the job to index it. False where it was there already. */
export const writeArticle = async (article: ReturnType<typeof articleItem>, run: Run): Promise<boolean> => {
  const put = {
    Put: { TableName: env("NEWS_TABLE"), Item: article, ConditionExpression: "attribute_not_exists(asset_id)" },
  };
  try {
    await writeTogether([put, indexing(article, run.now())], run);
    return true;
  } catch (error) {
    if (error instanceof Failure && error.conditionFailed) return false;
    throw error;
  }
};
