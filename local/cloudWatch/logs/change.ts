import { type LogEvent, LogGroup } from "./group";

type Row = readonly [sequence: number, timestamp: number, ingestedAt: number, message: string];

/** All that can happen to logs, as plain data. What is too old goes by itself: it follows from the time. */
export type LogChange =
  | { kind: "group"; group: string; at: number; retentionInDays: number | undefined }
  | { kind: "stream"; group: string; stream: string; at: number }
  | { kind: "events"; group: string; stream: string; rows: readonly Row[] }
  | { kind: "dropped"; group: string; stream?: string };

export const eventId = (sequence: number): string => String(sequence).padStart(56, "0");

export const eventsChange = (group: string, stream: string, events: readonly LogEvent[]): LogChange => ({
  kind: "events",
  group,
  stream,
  rows: events.map(({ sequence, timestamp, ingestedAt, message }) => [sequence, timestamp, ingestedAt, message]),
});

/** About what an event takes in a file, beside its message. */
const bytesBesideMessage = 60;
const perLine = 500;

const sizeOf = ({ message }: LogEvent): number => message.length + bytesBesideMessage;

/** The sequence from which on events have room, the newest first. */
const firstWithRoom = (events: LogEvent[], bytes: number): number => {
  let room = bytes - events.reduce((sum, event) => sum + sizeOf(event), 0);
  if (room >= 0) return 0;
  let first = 0;
  for (const event of events.sort((one, other) => one.sequence - other.sequence)) {
    if (room >= 0) break;
    room += sizeOf(event);
    first = event.sequence + 1;
  }
  return first;
};

const byStream = (events: readonly LogEvent[]): Map<string, LogEvent[]> => {
  const found = new Map<string, LogEvent[]>();
  for (const event of events) {
    const beside = found.get(event.stream);
    if (beside) beside.push(event);
    else found.set(event.stream, [event]);
  }
  return found;
};

/** A short story that leads to these groups, or to the newest of their events for which there is room. */
export function* storyOf(groups: readonly LogGroup[], bytes: number): Iterable<LogChange> {
  const first = firstWithRoom(
    groups.flatMap((group) => group.all()),
    bytes,
  );
  for (const group of groups) {
    const { name, createdAt: at, retentionInDays } = group;
    yield { kind: "group", group: name, at, retentionInDays };
    for (const stream of group.streams.values()) {
      yield { kind: "stream", group: name, stream: stream.name, at: stream.createdAt };
    }
    const kept = group.all().filter(({ sequence }) => sequence >= first);
    for (const [stream, events] of byStream(kept)) {
      for (let at = 0; at < events.length; at += perLine) {
        yield eventsChange(name, stream, events.slice(at, at + perLine));
      }
    }
  }
}

const dropStream = (events: readonly LogEvent[], name: string | undefined): LogEvent[] =>
  events.filter(({ stream }) => name !== undefined && stream !== name);

/** The groups to which a story leads, as they are now. */
export const groupsOf = (story: Iterable<LogChange>, now: number, eventsPerGroup: number): LogGroup[] => {
  const groups = new Map<string, LogGroup>();
  const events = new Map<string, LogEvent[]>();
  for (const change of story) {
    const { group: name } = change;
    const group = groups.get(name);
    const found = events.get(name) ?? [];
    switch (change.kind) {
      case "group": {
        const made = group ?? new LogGroup(name, change.at, eventsPerGroup);
        made.retentionInDays = change.retentionInDays;
        groups.set(name, made);
        break;
      }
      case "stream":
        group?.addStream(change.stream, change.at);
        break;
      case "events": {
        const { stream } = change;
        for (const [sequence, timestamp, ingestedAt, message] of change.rows) {
          found.push({ id: eventId(sequence), sequence, stream, timestamp, ingestedAt, message });
        }
        events.set(name, found);
        break;
      }
      case "dropped":
        if (change.stream === undefined) groups.delete(name);
        else group?.streams.delete(change.stream);
        events.set(name, dropStream(found, change.stream));
    }
  }
  for (const [name, found] of events) groups.get(name)?.restore(found, now);
  return [...groups.values()];
};
