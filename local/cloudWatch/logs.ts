import { filterPattern } from "./filterPattern";
import { logLine } from "./logLine";
import { eventId, eventsChange, groupsOf, type LogChange, storyOf } from "./logs/change";
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
  /** What happened before. @default nothing */
  story?: Iterable<LogChange>;
  /** Is told of what happens from now on. */
  changed?: (change: LogChange) => void;
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
  const sizes = events.map(({ message }) => Buffer.byteLength(message) + bytesBesideMessage);
  const largest = Math.max(...sizes);
  if (largest > mostBytes) throw invalid(`Log event too large: ${largest} bytes exceeds limit of ${mostBytes}`);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > mostBytes) throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${mostBytes}`);
  if (events.some(({ message }) => message === "")) throw invalid("a log event's message is not empty");
  if (events.some(({ timestamp }, at) => timestamp < (events[at - 1]?.timestamp ?? timestamp))) {
    throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
  }
};

const checkRetention = (days: number | undefined): void => {
  if (days !== undefined && !retentions.has(days)) throw invalid(`a log group cannot be kept for ${days} days`);
};

/** Log groups, their streams and events, in memory. */
export class LogStore {
  private readonly all = new Map<string, LogGroup>();
  private readonly now: () => number;
  private readonly eventsPerGroup: number;
  private readonly changed: ((change: LogChange) => void) | undefined;
  private sequence = 0;

  constructor({ now, eventsPerGroup = 200_000, story = [], changed }: LogStoreOptions) {
    this.now = now;
    this.eventsPerGroup = eventsPerGroup;
    this.changed = changed;
    for (const group of groupsOf(story, now(), eventsPerGroup)) {
      this.all.set(group.name, group);
      for (const { sequence } of group.all()) this.sequence = Math.max(this.sequence, sequence);
    }
  }

  /** What leads here, or to as much of it as has room. */
  story(bytes: number): Iterable<LogChange> {
    for (const group of this.all.values()) group.expire(this.now());
    return storyOf([...this.all.values()], bytes);
  }

  hasGroup(name: string): boolean {
    return this.all.has(name);
  }

  hasStream(group: string, name: string): boolean {
    return this.group(group).streams.has(name);
  }

  createGroup(name: string, retentionInDays?: number): void {
    if (this.all.has(name)) throw new Refused("alreadyExists", "The specified log group already exists");
    checkRetention(retentionInDays);
    this.all.set(name, new LogGroup(name, this.now(), this.eventsPerGroup));
    this.setRetention(name, retentionInDays);
  }

  deleteGroup(name: string): void {
    this.group(name);
    this.all.delete(name);
    this.changed?.({ kind: "dropped", group: name });
  }

  /** Without days, events are kept for ever. */
  setRetention(name: string, days: number | undefined): void {
    checkRetention(days);
    const group = this.group(name);
    group.retentionInDays = days;
    this.changed?.({ kind: "group", group: name, at: group.createdAt, retentionInDays: days });
  }

  createStream(group: string, name: string): void {
    if (this.hasStream(group, name)) throw new Refused("alreadyExists", "The specified log stream already exists");
    const { createdAt: at } = this.group(group).addStream(name, this.now());
    this.changed?.({ kind: "stream", group, stream: name, at });
  }

  deleteStream(group: string, name: string): void {
    this.stream(group, name);
    this.group(group).removeStream(name);
    this.changed?.({ kind: "dropped", group, stream: name });
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
    this.stream(groupName, streamName);
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
      return { id: eventId(sequence), sequence, stream: streamName, timestamp, ingestedAt: now, message };
    });
    for (const event of accepted) group.add(event);
    group.expire(now);
    if (accepted.length > 0) this.changed?.(eventsChange(groupName, streamName, accepted));
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
