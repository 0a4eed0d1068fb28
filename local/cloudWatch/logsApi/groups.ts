import * as v from "valibot";
import type { Operation } from "../../cloud/service";
import { invalid } from "../refused";
import { logsOperation } from "../wire/dialects";
import { pageOf } from "../wire/page";
import { groupArn, onGroup, onStream, streamArn } from "./access";
import type { Journal } from "./journal";

/** As AWS writes it, in its refusals too. */
const groupPattern = String.raw`^[\.\-_/#A-Za-z0-9]+$`;
const groupName = v.pipe(v.string(), v.regex(new RegExp(groupPattern)));
const streamName = v.pipe(v.string(), v.minLength(1), v.regex(/^[^:*]*$/));
const limit = v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 50);
const token = v.exactOptional(v.string());

const checkLength = (...names: string[]): void => {
  if (names.every((name) => name.length <= 512)) return;
  throw invalid("Invalid LogGroup or LogStream, both must have length less than or equal to 512.");
};

const describeLogGroups = (journal: Journal) =>
  logsOperation(
    "DescribeLogGroups",
    v.strictObject({
      logGroupNamePrefix: v.exactOptional(v.string(), ""),
      logGroupNamePattern: v.exactOptional(v.string(), ""),
      limit,
      nextToken: token,
    }),
    {
      access: () => onGroup("DescribeLogGroups", ""),
      run: ({ logGroupNamePrefix, logGroupNamePattern, limit: size, nextToken }) => {
        if (logGroupNamePrefix && logGroupNamePattern) {
          throw invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }
        const pattern = logGroupNamePattern.toLowerCase();
        const found = journal.store
          .groups()
          .filter(({ name }) => name.startsWith(logGroupNamePrefix) && name.toLowerCase().includes(pattern))
          .sort((one, other) => (one.name < other.name ? -1 : 1));
        const page = pageOf(found, size, nextToken);
        return {
          logGroups: page.items.map(({ name, createdAt, retentionInDays }) => ({
            logGroupName: name,
            arn: `${groupArn(name)}:*`,
            logGroupArn: groupArn(name),
            creationTime: createdAt,
            retentionInDays,
            metricFilterCount: journal.filtersOf(name).length,
            logGroupClass: "STANDARD",
          })),
          nextToken: page.next,
        };
      },
    },
  );

const describeLogStreams = (journal: Journal) =>
  logsOperation(
    "DescribeLogStreams",
    v.strictObject({
      logGroupName: groupName,
      logStreamNamePrefix: v.exactOptional(v.string(), ""),
      orderBy: v.exactOptional(v.picklist(["LogStreamName", "LastEventTime"]), "LogStreamName"),
      descending: v.exactOptional(v.boolean(), false),
      limit,
      nextToken: token,
    }),
    {
      access: ({ logGroupName }) => onGroup("DescribeLogStreams", logGroupName),
      run: ({ logGroupName, logStreamNamePrefix, orderBy, descending, limit: size, nextToken }) => {
        if (orderBy === "LastEventTime" && logStreamNamePrefix) {
          throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }
        const found = journal.store
          .streams(logGroupName)
          .filter(({ name }) => name.startsWith(logStreamNamePrefix))
          .sort((one, other) => (one.name < other.name ? -1 : 1));
        if (orderBy === "LastEventTime") found.sort((one, other) => (one.lastAt ?? 0) - (other.lastAt ?? 0));
        if (descending) found.reverse();
        const page = pageOf(found, size, nextToken);
        return {
          logStreams: page.items.map(({ name, createdAt, firstAt, lastAt, lastIngestedAt }) => ({
            logStreamName: name,
            arn: streamArn(logGroupName, name),
            creationTime: createdAt,
            firstEventTimestamp: firstAt,
            lastEventTimestamp: lastAt,
            lastIngestionTime: lastIngestedAt,
          })),
          nextToken: page.next,
        };
      },
    },
  );

const createLogGroup = (journal: Journal) =>
  logsOperation(
    "CreateLogGroup",
    v.strictObject({
      logGroupName: groupName,
      logGroupClass: v.exactOptional(v.literal("STANDARD")),
      kmsKeyId: v.exactOptional(v.string()),
      tags: v.exactOptional(v.record(v.string(), v.string())),
    }),
    {
      access: ({ logGroupName }) => onGroup("CreateLogGroup", logGroupName),
      run: ({ logGroupName }) => {
        checkLength(logGroupName);
        journal.store.createGroup(logGroupName);
      },
    },
  );

const createLogStream = (journal: Journal) =>
  logsOperation("CreateLogStream", v.strictObject({ logGroupName: groupName, logStreamName: streamName }), {
    access: (input) => onStream("CreateLogStream", input.logGroupName, input.logStreamName),
    run: (input) => {
      checkLength(input.logGroupName, input.logStreamName);
      journal.store.createStream(input.logGroupName, input.logStreamName);
    },
  });

const putRetentionPolicy = (journal: Journal) =>
  logsOperation("PutRetentionPolicy", v.strictObject({ logGroupName: groupName, retentionInDays: v.number() }), {
    access: ({ logGroupName }) => onGroup("PutRetentionPolicy", logGroupName),
    run: (input) => journal.store.setRetention(input.logGroupName, input.retentionInDays),
  });

export const groupOperations = (journal: Journal): Record<string, Operation> => ({
  ...describeLogGroups(journal),
  ...describeLogStreams(journal),
  ...createLogGroup(journal),
  ...createLogStream(journal),
  ...putRetentionPolicy(journal),
});
