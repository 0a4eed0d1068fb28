import { Failure } from "../failure";
import type { DataType } from "../fundamentals/dataTypes";
import { remember } from "../redact";
import type { Runtime } from "../runtime";
import type { Answer } from "./answer";
import { ask, jsonOf, problemOfStatus, type Reply, requireData } from "./ask";
import { isEarningsCalendar } from "./earningsCalendar";
import { failureOf, isNothingFound, noticeIn, noticeInText, spelledNotice } from "./notice";
import { ProviderFailure } from "./problem";
import { retryAtOf } from "./retryAt";

export { parseEarningsCalendar } from "./earningsCalendar";
export { parseNews } from "./news";

export interface AlphaVantageAccess {
  baseUrl: string;
  key: string;
  /** @default 8000 */
  timeoutMs?: number;
}

const provider = "AlphaVantage";

const functions: Record<DataType, string> = {
  company_overview: "OVERVIEW",
  earnings: "EARNINGS",
  income_statement: "INCOME_STATEMENT",
  balance_sheet: "BALANCE_SHEET",
  cash_flow: "CASH_FLOW",
};

const looksLikeJson = (body: string): boolean => /^\s*[{[]/.test(body);

/** A notice says more than the status it came with, unless the server itself failed. */
const failureOfStatus = (reply: Reply, now: number): ProviderFailure => {
  const { status, body } = reply;
  const problem = problemOfStatus(status);
  const notice = problem === "unavailable" ? undefined : noticeInText(body);
  const retryAt = retryAtOf(reply, now);
  return notice
    ? failureOf(notice, retryAt)
    : new ProviderFailure(problem, `${provider} answered with status ${status}`, retryAt);
};

type Parameters = Record<string, string>;

/** Calls, and rules out everything that is no answer to any call. */
const call = async (
  parameters: Parameters,
  access: AlphaVantageAccess,
  { now }: Pick<Runtime, "now">,
): Promise<Answer> => {
  remember(access.key);
  remember(encodeURIComponent(access.key));
  const query = new URLSearchParams({ ...parameters, apikey: access.key });
  const url = `${access.baseUrl.replace(/\/+$/, "")}/query?${query}`;
  const reply = await ask({ provider, url, timeoutMs: access.timeoutMs });
  if (reply.status !== 200) throw failureOfStatus(reply, now());
  requireData(reply, provider);
  return { body: reply.body, receivedAt: now() };
};

const objectIn = (answer: Answer): Record<string, unknown> => {
  const json = jsonOf(answer, provider);
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new ProviderFailure("malformed", `${provider}'s answer is not a JSON object`).of(answer);
  }
  return json as Record<string, unknown>;
};

const malformed = (lacking: string, answer: Answer): ProviderFailure =>
  new ProviderFailure("malformed", `${provider}'s answer has no ${lacking}`).of(answer);

/** What AlphaVantage has of one type about one company. */
export const fetchFundamentals = async (
  type: DataType,
  symbol: string,
  access: AlphaVantageAccess,
  runtime: Pick<Runtime, "now">,
): Promise<Answer> => {
  const answer = await call({ function: functions[type], symbol }, access, runtime);
  const json = objectIn(answer);
  const notice = noticeIn(json);
  if (notice) throw failureOf(notice);
  if (Object.keys(json).length === 0) {
    throw new ProviderFailure("unknownSymbol", `${provider} has no ${type} of ${symbol}`);
  }
  const field = type === "company_overview" ? "Symbol" : "symbol";
  if (!Object.hasOwn(json, field)) throw malformed(field, answer);
  return answer;
};

/** The reports that are expected within the next three months, as CSV. */
export const fetchEarningsCalendar = async (
  access: AlphaVantageAccess,
  runtime: Pick<Runtime, "now">,
): Promise<Answer> => {
  const answer = await call({ function: "EARNINGS_CALENDAR", horizon: "3month" }, access, runtime);
  const { body } = answer;
  if (looksLikeJson(body)) {
    const notice = noticeIn(jsonOf(answer, provider));
    throw notice ? failureOf(notice) : malformed("CSV, but some JSON", answer);
  }
  const spelled = spelledNotice(body);
  if (spelled) throw spelled;
  if (!isEarningsCalendar(body)) throw malformed("column symbol, reportDate or fiscalDateEnding", answer);
  return answer;
};

const mostArticles = 1_000;

export interface NewsWanted {
  /** Epoch milliseconds; asked for by the minute. */
  from: number;
  limit: number;
}

/** What was published since a moment, the earliest first, so that an answer that is full can be continued. */
export const fetchNews = async (
  { from, limit }: NewsWanted,
  access: AlphaVantageAccess,
  runtime: Pick<Runtime, "now">,
): Promise<Answer> => {
  if (!Number.isInteger(limit) || limit < 1 || limit > mostArticles) {
    throw new Failure("validation", `limit must be a whole number from 1 to ${mostArticles}`, { field: "limit" });
  }
  const time_from = new Date(from).toISOString().slice(0, 16).replaceAll(/[-:]/g, "");
  const parameters = { function: "NEWS_SENTIMENT", time_from, limit: String(limit), sort: "EARLIEST" };
  const answer = await call(parameters, access, runtime);
  const json = objectIn(answer);
  const notice = noticeIn(json);
  if (notice && !isNothingFound(json)) throw failureOf(notice);
  if (!notice && !Array.isArray(json["feed"])) throw malformed("feed", answer);
  return answer;
};
