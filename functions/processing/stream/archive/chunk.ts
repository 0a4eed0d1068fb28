import { hash } from "node:crypto";
import { hourOf } from "../window";
import { type Archivable, lineOf } from "./line";

/** What becomes one object: events of one hour. */
export interface Chunk {
  key: string;
  lines: string;
  events: Archivable[];
}

export const mostEvents = 1_000;
/** Before it is compressed. */
export const mostBytes = 5 * 1024 * 1024;

const two = (text: string | undefined): string => text ?? "";

const folderOf = (hour: string): string => {
  const [, year, month, day, of] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d)$/.exec(hour) ?? [];
  return `year=${two(year)}/month=${two(month)}/day=${two(day)}/hour=${two(of)}/`;
};

/**
 * Named by the events that are in it: the same events again overwrite their own object, and others never do, whatever
 * part of a batch is delivered anew.
 */
const keyOf = (hour: string, events: readonly Archivable[]): string => {
  const names = events.map(({ event }) => JSON.stringify([event.experimentId, event.eventId])).join("");
  return `${folderOf(hour)}${hash("sha256", names).slice(0, 32)}.ndjson.gz`;
};

const cut = (hour: string, events: readonly Archivable[]): Chunk[] => {
  const chunks: Chunk[] = [];
  let some: Archivable[] = [];
  let lines: string[] = [];
  let bytes = 0;
  const close = () => {
    if (some.length > 0) chunks.push({ key: keyOf(hour, some), lines: lines.join(""), events: some });
    some = [];
    lines = [];
    bytes = 0;
  };
  for (const event of events) {
    const line = lineOf(event);
    const size = Buffer.byteLength(line);
    if (some.length === mostEvents || (some.length > 0 && bytes + size > mostBytes)) close();
    some.push(event);
    lines.push(line);
    bytes += size;
  }
  close();
  return chunks;
};

/** By the hour of each event, in the order in which they came. */
export const chunksOf = (events: readonly Archivable[]): Chunk[] => {
  const byHour = new Map<string, Archivable[]>();
  for (const one of events) {
    const hour = hourOf(one.event.timestamp);
    const others = byHour.get(hour);
    if (others) others.push(one);
    else byHour.set(hour, [one]);
  }
  return [...byHour].flatMap(([hour, ofHour]) => cut(hour, ofHour));
};
