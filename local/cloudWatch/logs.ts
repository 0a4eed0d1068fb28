import { filterPattern } from "./filterPattern";
import { logLine } from "./logLine";
import { type LogEvent, LogGroup, type LogStream } from "./logs/group";
import { invalid, Refused } from "./refused";

export type { LogEvent, LogStream } from "./logs/group";

const hourMs = 3_600_000;
const oldestMs = 14 * 24 * hourMs;
const newestMs = 2 * hourMs;

const retentions: ReadonlySet<number> = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288, 3_653,
]);

const mostEvents = 10_000;
const mostBytes = 1_048_576;
const bytesBesideMessage = 26;

export interface LogInput {
  timestamp: number;
  message: string;
}

/** Places in the batch that was appended, as PutLogEvents gives them. */
export interface Rejected {
  tooNewLogEventStartIndex?: number;
  tooOldLogEventEndIndex?: number;
  expiredLogEventEndIndex?: number;
}

export interface Appended {
  accepted: readonly LogEvent[];
  rejected: Rejected | undefined;
}

export interface LogGroupDescription {
  name: string;
  createdAt: number;
  retentionInDays: number | undefined;
  events: number;
  dropped: number;
}

export interface LogQuery {
  group: string;
  streams?: readonly string[];
  pattern?: string;
  /** Epoch milliseconds, both inclusive. */
  start?: number;
  end?: number;
  limit?: number;
  nextToken?: string;
}

export interface LogPage {
  events: readonly LogEvent[];
  nextToken: string | undefined;
}

export interface LogStoreOptions {
  now: () => number;
  /** How many events a group keeps at most; beyond that the oldest go, and are counted. */
  eventsPerGroup?: number;
}

type Position = Pick<LogEvent, "timestamp" | "sequence">;

const toToken = ({ timestamp, sequence }: Position): string =>
  Buffer.from(`${timestamp}/${sequence}`).toString("base64url");

const fromToken = (token: string): Position => {
  const found = /^(\d+)\/(\d+)$/.exec(Buffer.from(token, "base64url").toString());
  if (!found) throw invalid("The specified nextToken is invalid.");
  return { timestamp: Number(found[1]), sequence: Number(found[2]) };
};

const checkBatch = (events: readonly LogInput[]): void => {
  if (events.length === 0 || events.length > mostEvents) throw invalid(`a batch has 1 to ${mostEvents} log events`);
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + bytesBesideMessage, 0);
  if (bytes > mostBytes)
    throw invalid(`a batch has at most ${mostBytes} bytes, ${bytesBesideMessage} of them an event`);
  if (events.some(({ message }) => message === "")) throw invalid("a log event's message is not empty");
  if (events.some(({ timestamp }, at) => timestamp < (events[at - 1]?.timestamp ?? timestamp))) {
    throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
  }
};

/** Log groups, their streams and events, in memory. */
export class LogStore {
  private readonly all = new Map<string, LogGroup>();
  private readonly now: () => number;
  private readonly eventsPerGroup: number;
  private sequence = 0;

  constructor({ now, eventsPerGroup = 200_000 }: LogStoreOptions) {
    this.now = now;
    this.eventsPerGroup = eventsPerGroup;
  }

  createGroup(name: string, retentionInDays?: number): void {
    if (this.all.has(name)) throw new Refused("alreadyExists", "The specified log group already exists");
    const group = new LogGroup(name, this.now(), this.eventsPerGroup);
    this.all.set(name, group);
    this.setRetention(name, retentionInDays);
  }

  deleteGroup(name: string): void {
    this.group(name);
    this.all.delete(name);
  }

  /** Without days, events are kept for ever. */
  setRetention(name: string, days: number | undefined): void {
    if (days !== undefined && !retentions.has(days)) throw invalid(`a log group cannot be kept for ${days} days`);
    this.group(name).retentionInDays = days;
  }

  createStream(group: string, name: string): void {
    const { streams } = this.group(group);
    if (streams.has(name)) throw new Refused("alreadyExists", "The specified log stream already exists");
    const never = { firstAt: undefined, lastAt: undefined, lastIngestedAt: undefined };
    streams.set(name, { name, createdAt: this.now(), ...never });
  }

  deleteStream(group: string, name: string): void {
    this.stream(group, name);
    this.group(group).removeStream(name);
  }

  groups(): LogGroupDescription[] {
    return [...this.all.values()].map((group) => {
      group.expire(this.now());
      const { name, createdAt, retentionInDays, size, dropped } = group;
      return { name, createdAt, retentionInDays, events: size, dropped };
    });
  }

  streams(group: string): LogStream[] {
    return [...this.group(group).streams.values()].map((stream) => ({ ...stream }));
  }

  /** Takes what is neither too old nor too new, and says what was not taken. */
  append(groupName: string, streamName: string, events: readonly LogInput[]): Appended {
    const stream = this.stream(groupName, streamName);
    checkBatch(events);
    const group = this.group(groupName);
    const now = this.now();
    const expired = now - (group.retentionInDays ?? Number.POSITIVE_INFINITY) * 24 * hourMs;
    const before = (limit: number) => events.filter(({ timestamp }) => timestamp < limit).length;
    const tooOld = before(now - oldestMs);
    const outlived = before(expired);
    const upTo = events.length - events.filter(({ timestamp }) => timestamp > now + newestMs).length;
    const accepted = events.slice(Math.max(tooOld, outlived), upTo).map(({ timestamp, message }) => {
      const sequence = ++this.sequence;
      const id = String(sequence).padStart(56, "0");
      return { id, sequence, stream: streamName, timestamp, ingestedAt: now, message };
    });
    for (const event of accepted) group.add(event);
    group.expire(now);
    this.note(stream, accepted, now);
    const rejected: Rejected = {
      ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
      ...(outlived > 0 && { expiredLogEventEndIndex: outlived }),
      ...(upTo < events.length && { tooNewLogEventStartIndex: upTo }),
    };
    return { accepted, rejected: Object.keys(rejected).length > 0 ? rejected : undefined };
  }

  /** Events in order of time, a page at a time. */
  filter({ group: name, streams, pattern = "", start = 0, end, limit = mostEvents, nextToken }: LogQuery): LogPage {
    if (!Number.isInteger(limit) || limit < 1 || limit > mostEvents)
      throw invalid(`a page has 1 to ${mostEvents} events`);
    const group = this.group(name);
    for (const stream of streams ?? []) this.stream(name, stream);
    group.expire(this.now());
    const matches = filterPattern(pattern);
    const position = nextToken === undefined ? undefined : fromToken(nextToken);
    const events: LogEvent[] = [];
    for (const event of group.between(start, end ?? Number.POSITIVE_INFINITY, position)) {
      if ((streams && !streams.includes(event.stream)) || !matches(logLine(event.message))) continue;
      const last = events.at(-1);
      if (last && events.length === limit) return { events, nextToken: toToken(last) };
      events.push(event);
    }
    return { events, nextToken: undefined };
  }

  private note(stream: LogStream, accepted: readonly LogEvent[], now: number): void {
    for (const { timestamp } of accepted) {
      stream.firstAt = Math.min(stream.firstAt ?? timestamp, timestamp);
      stream.lastAt = Math.max(stream.lastAt ?? timestamp, timestamp);
      stream.lastIngestedAt = now;
    }
  }

  private group(name: string): LogGroup {
    const group = this.all.get(name);
    if (!group) throw new Refused("notFound", "The specified log group does not exist.");
    return group;
  }

  private stream(group: string, name: string): LogStream {
    const stream = this.group(group).streams.get(name);
    if (!stream) throw new Refused("notFound", "The specified log stream does not exist.");
    return stream;
  }
}
