import { randomUUID } from "node:crypto";
import * as v from "valibot";
import type { Operation } from "../../cloud/service";
import { fieldsOf } from "../insights/fields";
import { type Found, mostRows, readQuery } from "../insights/query";
import type { LogEvent } from "../logs";
import { invalid, Refused } from "../refused";
import { logsOperation } from "../wire/dialects";
import { pageOf } from "../wire/page";
import { onGroup } from "./access";
import type { Journal } from "./journal";
import type { SavedQuery } from "./savedQueries";

const mostGroups = 50;
const keptAnswers = 100;
const seconds = v.pipe(v.number(), v.integer(), v.minValue(0));

interface Answer extends Found {
  scanned: number;
  bytes: number;
}

const eventsIn = (journal: Journal, group: string, start: number, end: number): LogEvent[] => {
  const events: LogEvent[] = [];
  for (let nextToken: string | undefined = ""; nextToken !== undefined; ) {
    const page = journal.store.filter({ group, start, end, ...(nextToken && { nextToken }) });
    events.push(...page.events);
    nextToken = page.nextToken;
  }
  return events;
};

const namesIn = (one: string | undefined, several: readonly string[] | undefined): readonly string[] => {
  const names = one === undefined ? (several ?? []) : [one, ...(several ?? [])];
  if (names.length === 0) throw invalid("A query needs a log group.");
  if (names.length > mostGroups) throw invalid(`A query looks into ${mostGroups} log groups at most.`);
  return names;
};

const startQuery = (journal: Journal, answers: Map<string, Answer>) =>
  logsOperation(
    "StartQuery",
    v.strictObject({
      logGroupName: v.exactOptional(v.string()),
      logGroupNames: v.exactOptional(v.array(v.string())),
      /** Seconds, both included. */
      startTime: seconds,
      endTime: seconds,
      queryString: v.pipe(v.string(), v.minLength(1), v.maxLength(10_000)),
      queryLanguage: v.exactOptional(v.literal("CWLI")),
      limit: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostRows)), mostRows),
    }),
    {
      access: ({ logGroupName, logGroupNames }) =>
        namesIn(logGroupName, logGroupNames).map((name) => onGroup("StartQuery", name)),
      run: ({ logGroupName, logGroupNames, startTime, endTime, queryString, limit }) => {
        if (startTime > endTime) throw invalid("End time should not be before the start time.");
        const query = readQuery(queryString);
        const events = namesIn(logGroupName, logGroupNames).flatMap((group) =>
          eventsIn(journal, group, startTime * 1_000, endTime * 1_000 + 999).map((event) => ({ group, event })),
        );
        const { rows, matched } = query(events.map(({ group, event }) => fieldsOf(group, event)));
        const queryId = randomUUID();
        const bytes = events.reduce((sum, { event }) => sum + Buffer.byteLength(event.message), 0);
        answers.set(queryId, { rows: rows.slice(0, limit), matched, scanned: events.length, bytes });
        const [oldest] = answers.keys();
        if (answers.size > keptAnswers && oldest !== undefined) answers.delete(oldest);
        return { queryId };
      },
    },
  );

const getQueryResults = (answers: ReadonlyMap<string, Answer>) =>
  logsOperation("GetQueryResults", v.strictObject({ queryId: v.string() }), {
    access: () => onGroup("GetQueryResults", ""),
    run: ({ queryId }) => {
      const answer = answers.get(queryId);
      if (!answer) throw new Refused("notFound", `Query ${queryId} does not exist`);
      return {
        status: "Complete",
        queryLanguage: "CWLI",
        results: answer.rows.map((row) => [...row].map(([field, value]) => ({ field, value }))),
        statistics: { recordsMatched: answer.matched, recordsScanned: answer.scanned, bytesScanned: answer.bytes },
      };
    },
  });

const describeQueryDefinitions = (saved: ReadonlyMap<string, SavedQuery>) =>
  logsOperation(
    "DescribeQueryDefinitions",
    v.strictObject({
      queryDefinitionNamePrefix: v.exactOptional(v.string(), ""),
      maxResults: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000)), 1_000),
      nextToken: v.exactOptional(v.string()),
    }),
    {
      access: () => onGroup("DescribeQueryDefinitions", ""),
      run: ({ queryDefinitionNamePrefix, maxResults, nextToken }) => {
        const found = [...saved.values()]
          .filter(({ name }) => name.startsWith(queryDefinitionNamePrefix))
          .sort((one, other) => (one.name < other.name ? -1 : 1));
        const page = pageOf(found, maxResults, nextToken);
        return {
          queryDefinitions: page.items.map(({ id, name, queryString, logGroupNames, savedAt }) => ({
            queryDefinitionId: id,
            name,
            queryString,
            logGroupNames,
            lastModified: savedAt,
          })),
          nextToken: page.next,
        };
      },
    },
  );

/** Logs Insights. A query is done by the time it was started. */
export const queryOperations = (
  journal: Journal,
  saved: ReadonlyMap<string, SavedQuery>,
): Record<string, Operation> => {
  const answers = new Map<string, Answer>();
  return {
    ...startQuery(journal, answers),
    ...getQueryResults(answers),
    ...describeQueryDefinitions(saved),
  };
};
