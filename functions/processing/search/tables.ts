import { QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { assetKey } from "../assets/known";
import { dynamodb } from "../aws/dynamodb";
import { type Key, readMany } from "../aws/readMany";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { type LatestRow, latestKey } from "../workflow/history";
import { deepest } from "./bodies";
import type { AssetRow } from "./documents";
import type { Request } from "./request";
import { type Hit, type Result, resultOf } from "./results";

/** However many companies there are, an answer must not keep its reader waiting. */
const longestMs = 3_000;
/** Companies whose news are looked up, and how many of each. */
const newsOf = 3;
const newsEach = 5;

const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}.-]+/gu) ?? [];

/** How well a company fits a text, from its symbol and its name; 0 for not at all. */
export const likeness = ({ symbol, name }: Pick<AssetRow, "symbol" | "name">, text: string): number => {
  const [ticker, title, whole] = [symbol.toLowerCase(), name.toLowerCase(), text.toLowerCase().trim()];
  if (whole === "") return 0;
  if (ticker === whole) return 6;
  if (title.startsWith(whole)) return 5;
  const words = wordsIn(whole);
  if (words.includes(ticker)) return 4;
  if (ticker.startsWith(whole)) return 3;
  if (title.includes(whole)) return 2;
  const found = words.filter((word) => word.length > 2 && wordsIn(title).some((part) => part.startsWith(word)));
  return found.length / Math.max(1, words.length);
};

interface Candidate {
  asset: AssetRow;
  score: number;
}

/** Companies that fit, the best first; not complete where there was no time for all. */
const candidates = async (
  text: string,
  until: number,
  run: Run,
): Promise<{ found: Candidate[]; complete: boolean }> => {
  const found: Candidate[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await run.call("Scan", "dynamodb", () =>
      dynamodb().send(
        new ScanCommand({
          TableName: env("ASSETS_TABLE"),
          ProjectionExpression: "asset_id, symbol, #name, #status, updated_at",
          ExpressionAttributeNames: { "#name": "name", "#status": "status" },
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    for (const asset of Items as AssetRow[]) {
      const score = asset.status === "active" && asset.symbol && asset.name ? likeness(asset, text) : 0;
      if (score > 0) found.push({ asset, score });
    }
    start = LastEvaluatedKey;
  } while (start && run.now() < until);
  found.sort((a, b) => b.score - a.score || (a.asset.symbol < b.asset.symbol ? -1 : 1));
  return { found, complete: start === undefined };
};

const readRatings = async (found: readonly Candidate[], run: Run): Promise<Map<string, LatestRow>> => {
  const keys = found.map(({ asset }): Key => ({ asset_id: asset.asset_id, analysis_key: latestKey }));
  const attributes = ["asset_id", "investment_rating", "analysis_date", "sector", "name"];
  const rows = (await readMany(env("ASSET_ANALYSIS_TABLE"), keys, attributes, run)) as unknown as LatestRow[];
  return new Map(rows.map((row) => [row.asset_id, row]));
};

const same = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

const admits = ({ sector, rating }: Request["filters"], row: LatestRow | undefined): boolean =>
  (sector === undefined || same(row?.sector, sector)) && (rating === undefined || row?.investment_rating === rating);

const within = ({ from, to }: Request["filters"], { date = "" }: Result): boolean =>
  (from === undefined || date.slice(0, 10) >= from) && (to === undefined || (date !== "" && date.slice(0, 10) <= to));

const companyResults = ({ asset, score }: Candidate, rating: LatestRow | undefined): Result[] => {
  const about = {
    symbol: asset.symbol,
    company_name: rating?.name ?? asset.name,
    ...(rating && { investment_rating: rating.investment_rating }),
    ...(rating?.sector && { sector: rating.sector }),
  };
  const hit = (source: Hit["_source"]): Result => resultOf({ _id: asset.symbol, _score: null, _source: source }, score);
  return [
    hit({ kind: "assets", ...about, last_updated: asset.updated_at }),
    ...(rating ? [hit({ kind: "analysis", ...about, analysis_date: rating.analysis_date })] : []),
  ];
};

const newsResults = async ({ asset, score }: Candidate, run: Run): Promise<Result[]> => {
  const { Items = [] } = await run.call("Query", "dynamodb", () =>
    dynamodb().send(
      new QueryCommand({
        TableName: env("NEWS_TABLE"),
        KeyConditionExpression: "asset_id = :asset",
        ExpressionAttributeValues: { ":asset": assetKey(asset.symbol).asset_id },
        ScanIndexForward: false,
        Limit: newsEach,
      }),
    ),
  );
  return Items.map((row) => {
    const source: Hit["_source"] = {
      kind: "news",
      asset_symbol: asset.symbol,
      title: String(row["title"]),
      content: String(row["summary"] ?? ""),
      url: String(row["url"]),
      source: String(row["source"]),
      time_published: String(row["published_at"]),
    };
    const id = String(row["news_key"]).split("#")[1] ?? "";
    // After what is known of the company itself.
    return resultOf({ _id: id, _score: null, _source: source }, score / 2);
  });
};

const wanted = (filters: Request["filters"], result: Result): boolean =>
  filters.types.includes(result.type) && within(filters, result);

interface Admitted {
  companies: Result[];
  /** Whose news are looked up. */
  best: Candidate[];
  complete: boolean;
}

/** What the filters let through of the candidates, so many at a time, until that is as much as an answer shows. */
const admittedAmong = async (
  found: readonly Candidate[],
  { filters }: Request,
  until: number,
  run: Run,
): Promise<Admitted> => {
  const mostNews = filters.types.includes("news") ? newsOf : 0;
  const mostCompanies = filters.types.some((type) => type !== "news") ? deepest : 0;
  const [companies, best]: [Result[], Candidate[]] = [[], []];
  for (let at = 0; at < found.length; at += deepest) {
    if (companies.length >= mostCompanies && best.length >= mostNews) break;
    if (at > 0 && run.now() >= until) return { companies, best, complete: false };
    const some = found.slice(at, at + deepest);
    const ratings = await readRatings(some, run);
    const admitted = some.filter(({ asset }) => admits(filters, ratings.get(asset.asset_id)));
    const results = admitted.flatMap((one) => companyResults(one, ratings.get(one.asset.asset_id)));
    companies.push(...results.filter((result) => wanted(filters, result)));
    best.push(...admitted.slice(0, Math.max(0, mostNews - best.length)));
  }
  return { companies, best, complete: true };
};

/** What the tables can say to a query: companies by symbol and name, and what is written about the best of them. */
export const searchTables = async (request: Request, run: Run): Promise<{ results: Result[]; complete: boolean }> => {
  const { text, filters } = request;
  const until = run.now() + longestMs;
  const { found, complete } = await candidates(text, until, run);
  const { companies, best, complete: filtered } = await admittedAmong(found, request, until, run);
  const news = (await Promise.all(best.map((one) => newsResults(one, run)))).flat();
  const unique = new Map([...companies, ...news].map((result) => [`${result.type}/${result.id}`, result]));
  const results = [...unique.values()]
    .filter((result) => wanted(filters, result))
    .sort((a, b) => b.score - a.score)
    .slice(0, deepest);
  return { results, complete: complete && filtered };
};
