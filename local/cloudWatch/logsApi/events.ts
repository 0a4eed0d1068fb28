import * as v from "valibot";
import type { Operation } from "../../cloud/service";
import type { LogEvent, LogStore } from "../logs";
import { invalid } from "../refused";
import { logsOperation } from "../wire/dialects";
import { onGroup, onStream } from "./access";
import type { Journal } from "./journal";
import { streamPage } from "./streamPage";

const limit = v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)), 10_000);
const moment = v.pipe(v.number(), v.integer(), v.minValue(0));

const longestBatchMs = 86_400_000;

const checkSpan = (moments: readonly number[]): void => {
  if (Math.max(...moments) - Math.min(...moments) <= longestBatchMs) return;
  throw invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
};

const putLogEvents = (journal: Journal) =>
  logsOperation(
    "PutLogEvents",
    v.strictObject({
      logGroupName: v.string(),
      logStreamName: v.string(),
      logEvents: v.pipe(
        v.array(v.strictObject({ timestamp: moment, message: v.pipe(v.string(), v.minLength(1)) })),
        v.minLength(1),
        v.maxLength(10_000),
      ),
      /** Was needed once; AWS takes any. */
      sequenceToken: v.exactOptional(v.string()),
    }),
    {
      access: (input) => onStream("PutLogEvents", input.logGroupName, input.logStreamName),
      run: ({ logGroupName, logStreamName, logEvents }) => {
        checkSpan(logEvents.map(({ timestamp }) => timestamp));
        const { rejected } = journal.append(logGroupName, logStreamName, logEvents);
        return { nextSequenceToken: "0", rejectedLogEventsInfo: rejected };
      },
    },
  );

const eventsOf = (
  store: LogStore,
  query: { group: string; stream: string; start: number; end: number },
): LogEvent[] => {
  const events: LogEvent[] = [];
  const { group, stream, start, end } = query;
  for (let nextToken: string | undefined = ""; nextToken !== undefined; ) {
    const page = store.filter({ group, streams: [stream], start, end, ...(nextToken && { nextToken }) });
    events.push(...page.events);
    nextToken = page.nextToken;
  }
  return events;
};

const getLogEvents = (journal: Journal) =>
  logsOperation(
    "GetLogEvents",
    v.strictObject({
      logGroupName: v.string(),
      logStreamName: v.string(),
      startTime: v.exactOptional(moment, 0),
      /** Exclusive, other than where events are filtered. */
      endTime: v.exactOptional(moment, Number.MAX_SAFE_INTEGER),
      limit,
      startFromHead: v.exactOptional(v.boolean(), false),
      nextToken: v.exactOptional(v.string()),
    }),
    {
      access: (input) => onStream("GetLogEvents", input.logGroupName, input.logStreamName),
      run: ({
        logGroupName: group,
        logStreamName: stream,
        startTime,
        endTime,
        limit: size,
        startFromHead,
        nextToken,
      }) => {
        const all = eventsOf(journal.store, { group, stream, start: startTime, end: endTime - 1 });
        const page = streamPage(all, { size, fromHead: startFromHead, nextToken });
        return {
          events: page.events.map(({ timestamp, message, ingestedAt }) => ({
            timestamp,
            message,
            ingestionTime: ingestedAt,
          })),
          nextForwardToken: page.forward,
          nextBackwardToken: page.backward,
        };
      },
    },
  );

const filterLogEvents = (journal: Journal) =>
  logsOperation(
    "FilterLogEvents",
    v.strictObject({
      logGroupName: v.string(),
      logStreamNames: v.exactOptional(v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(100))),
      logStreamNamePrefix: v.exactOptional(v.string()),
      filterPattern: v.exactOptional(v.string(), ""),
      startTime: v.exactOptional(moment, 0),
      endTime: v.exactOptional(moment, Number.MAX_SAFE_INTEGER),
      /** Deprecated: events of several streams always come in order of time. */
      interleaved: v.exactOptional(v.boolean()),
      limit,
      nextToken: v.exactOptional(v.string()),
    }),
    {
      access: ({ logGroupName }) => onGroup("FilterLogEvents", logGroupName),
      run: ({ logGroupName, logStreamNames, logStreamNamePrefix: prefix, filterPattern, ...asked }) => {
        if (logStreamNames && prefix !== undefined) {
          throw invalid("logStreamNames and logStreamNamePrefix are exclusive.");
        }
        const named = journal.store.streams(logGroupName).map(({ name }) => name);
        const streams = prefix === undefined ? logStreamNames : named.filter((name) => name.startsWith(prefix));
        const page = journal.store.filter({
          group: logGroupName,
          pattern: filterPattern,
          start: asked.startTime,
          end: asked.endTime,
          limit: asked.limit,
          ...(streams && { streams }),
          ...(asked.nextToken !== undefined && { nextToken: asked.nextToken }),
        });
        return {
          events: page.events.map(({ id, stream, timestamp, ingestedAt, message }) => ({
            eventId: id,
            logStreamName: stream,
            timestamp,
            ingestionTime: ingestedAt,
            message,
          })),
          searchedLogStreams: [],
          nextToken: page.nextToken,
        };
      },
    },
  );

export const eventOperations = (journal: Journal): Record<string, Operation> => ({
  ...putLogEvents(journal),
  ...getLogEvents(journal),
  ...filterLogEvents(journal),
});
