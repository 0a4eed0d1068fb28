import { classify } from "../aws/classify";
import type { Run } from "../consume/run";
import { causeOf, errorKind, type Failure } from "../failure";
import { metricNames } from "../observe/metrics";
import { companiesBody, meaningBody, needsCompanies, wordsBody } from "./bodies";
import { ask, isAboutQuestion } from "./domain";
import { embedder } from "./embed/embedder";
import { fuse } from "./fuse";
import { everything } from "./indices";
import { cursorAt, type Request } from "./request";
import { type Answer, type Hit, hitsIn, type Result, resultOf } from "./results";
import { searchTables } from "./tables";

/** What one question to the domain may take. */
const answerWithinMs = 2_000;
/** How long a domain that failed is left alone: meanwhile the tables answer at once. */
const restMs = 30_000;

/** Which rankings are made one. */
export type Ways = "both" | "words" | "meaning";

let restsUntil = Number.NEGATIVE_INFINITY;

const find = async (body: object, run: Run): Promise<Hit[]> =>
  hitsIn(await ask({ method: "POST", path: `/${everything}/_search`, body, timeoutMs: answerWithinMs }, run));

const companiesOf = async ({ filters }: Request, run: Run): Promise<string[]> =>
  needsCompanies(filters)
    ? (await find(companiesBody(filters), run)).flatMap(({ _source: { symbol } }) => symbol ?? [])
    : [];

/** The cosine that lies behind a score of OpenSearch's. */
const cosineOf = (score: number | null): number => 2 * (score ?? 0) - 1;

const byMeaning = async (request: Request, companies: readonly string[], run: Run): Promise<Hit[]> => {
  const chosen = embedder();
  const vector = await chosen.embedQuery(request.text, run);
  if (!vector) return [];
  const hits = await find(meaningBody(request, companies, vector, chosen), run);
  return hits.filter(({ _score }) => cosineOf(_score) >= chosen.floor);
};

interface Found {
  results: Result[];
  reason?: string;
}

const resultsOf = (lists: readonly Hit[][]): Result[] =>
  fuse(lists, ({ _id, _source }) => `${_source.kind}/${_id}`).map(({ hit, score }) => resultOf(hit, score));

/** What the domain finds, by words and by meaning. Without vectors for the query, words have to do. */
export const searchDomain = async (request: Request, run: Run, ways: Ways = "both"): Promise<Found> => {
  const companies = await companiesOf(request, run);
  const words = ways === "meaning" ? Promise.resolve([]) : find(wordsBody(request, companies), run);
  const meaning = ways === "words" ? Promise.resolve([]) : byMeaning(request, companies, run);
  const [found, near] = await Promise.allSettled([words, meaning]);
  if (found.status === "rejected") throw found.reason;
  if (near.status === "fulfilled") return { results: resultsOf([found.value, near.value]) };
  const failure = classify(near.reason, "aws");
  run.meter.add(metricNames[`error${errorKind(failure)}`]);
  run.log.warn("searched by words only", causeOf(failure));
  return { results: resultsOf([found.value]), reason: "searched by words only" };
};

const noAnswer = "the search domain does not answer";
const noAnswerToThis = "the search domain refused this query";

const fromTables = async (request: Request, why: string, run: Run): Promise<Found> => {
  const { results, complete } = await searchTables(request, run);
  const reason = `${why}: companies were looked up by symbol and name`;
  return { results, reason: complete ? reason : `${reason}, and not all of them` };
};

/** Says why the tables have to answer, and leaves a domain alone that would answer no other question either. */
const whyNot = (failure: Failure, run: Run): string => {
  run.meter.add(metricNames[`error${errorKind(failure)}`]);
  if (isAboutQuestion(failure)) {
    run.log.error("the search domain refused a query; the tables answer it", { error: failure });
    return noAnswerToThis;
  }
  restsUntil = run.now() + restMs;
  run.log.error("the search domain does not answer; the tables do", { error: failure, leftAloneMs: restMs });
  return noAnswer;
};

const anywhere = async (request: Request, run: Run): Promise<Found> => {
  if (run.now() < restsUntil) return fromTables(request, noAnswer, run);
  try {
    return await searchDomain(request, run);
  } catch (error) {
    return fromTables(request, whyNot(classify(error, "aws"), run), run);
  }
};

/** One page of what answers a query: from the domain, or from the tables while that is down or refuses it. */
export const search = async (request: Request, run: Run): Promise<Answer> => {
  const { results, reason } = await anywhere(request, run);
  if (reason !== undefined) run.meter.add(metricNames.searchDegraded);
  const end = request.offset + request.size;
  return {
    results: results.slice(request.offset, end),
    ...(end < results.length && { next: cursorAt(end, request) }),
    degraded: reason !== undefined,
    ...(reason !== undefined && { reason }),
  };
};
