import { limits } from "../limits";
import { foreignCursor, type Places, readCursor, writeCursor } from "./cursor";
import { isOfDay } from "./keys";
import { type EventStore, type IndexRow, readEvents, readIndex } from "./read";
import { fits, isByDay, type Selection, type Stretch, stretchesOf } from "./selection";
import type { StoredEvent } from "./storedEvent";

export interface Page {
  events: StoredEvent[];
  /** Where the next page begins; none once everything was read. The next page may turn out empty. */
  next?: string;
}

export interface PageOptions {
  limit: number;
  /** @default false */
  newestFirst?: boolean;
  /** The `next` of the page before. */
  after?: string | undefined;
}

/** Rows that are read at once: as many as one BatchGetItem takes. */
const mostAtOnce = limits.batchGetItems;

interface PlacedRow extends IndexRow {
  partition: string;
}

type Window = readonly [first: string, last: string];

/** From where a partition is read on: a place ahead of the window counts no more, and behind one that is past it nothing comes. */
const entered = (place: Places[string] | undefined, window: Window, newestFirst: boolean) => {
  if (place === undefined) return { after: undefined };
  const [first, last] = window;
  const [at] = place;
  const [isOlder, isNewer] = [at < first, at > last];
  if (newestFirst ? isOlder : isNewer) return undefined;
  return { after: isOlder || isNewer ? undefined : place };
};

/** The next rows of a stretch, its partitions merged by time. Fewer than asked for means that it ends there. */
const readStretch = async (
  store: EventStore,
  { index, attribute, partitions }: Stretch,
  { from, to }: Selection,
  newestFirst: boolean,
  places: Places,
  most: number,
): Promise<PlacedRow[]> => {
  const between: Window = [new Date(from).toISOString(), new Date(to - 1).toISOString()];
  const lanes = await Promise.all(
    partitions.map(async (partition) => {
      const entry = entered(places[partition], between, newestFirst);
      if (!entry) return [];
      const asked = { index, attribute, partition, between, newestFirst, ...entry, most };
      return (await readIndex(store, asked)).map((row): PlacedRow => ({ ...row, partition }));
    }),
  );
  const sign = newestFirst ? -1 : 1;
  // The sort keeps the order of rows of one moment, so that each partition is taken from its front.
  return lanes
    .flat()
    .sort((a, b) => (a.occurred_at === b.occurred_at ? 0 : a.occurred_at < b.occurred_at ? -sign : sign))
    .slice(0, most);
};

/**
 * The places of a cursor belong to one stretch, from which reading goes on. A day that the selection has no more is as good as
 * read: what comes after it is left.
 */
const upTo = (selection: Selection, newestFirst: boolean, places: Places): Iterable<Stretch> => {
  const [somewhere] = Object.keys(places);
  const stretches = stretchesOf(selection, newestFirst);
  if (somewhere === undefined) return stretches;
  const isDay = isByDay(selection) && isOfDay(somewhere);
  for (const stretch of stretches) {
    const { partitions } = stretch;
    const [first = ""] = partitions;
    const isAfter = isDay && (newestFirst ? first < somewhere : first > somewhere);
    if (isAfter || partitions.includes(somewhere)) return [stretch, ...stretches];
  }
  if (isDay) return [];
  throw foreignCursor();
};

/** Places of another stretch lead nowhere in this one. */
const placesIn = ({ partitions }: Stretch, places: Places): Places =>
  Object.fromEntries(Object.entries(places).filter(([partition]) => partitions.includes(partition)));

/** Of which rows more has to be known: not of those whose type the index tells already. */
const idsOf = (rows: readonly PlacedRow[], { type }: Selection): string[] =>
  rows.flatMap(({ event_id, event_type = type }) => (type === undefined || event_type === type ? [event_id] : []));

/** Events of a selection in order of time, a page at a time. */
export const readPage = async (
  store: EventStore,
  selection: Selection,
  { limit, newestFirst = false, after }: PageOptions,
): Promise<Page> => {
  const events: StoredEvent[] = [];
  let places: Places = after === undefined ? {} : readCursor(after);
  for (const stretch of upTo(selection, newestFirst, places)) {
    places = placesIn(stretch, places);
    for (let asked = Math.min(limit, mostAtOnce), ended = false; !ended; asked = Math.min(asked * 2, mostAtOnce)) {
      const rows = await readStretch(store, stretch, selection, newestFirst, places, asked);
      ended = rows.length < asked;
      const found = await readEvents(store, idsOf(rows, selection));
      for (const { event_id, occurred_at, partition } of rows) {
        places[partition] = [occurred_at, event_id];
        const event = found.get(event_id);
        if (!event || !fits(event, selection)) continue;
        events.push(event);
        if (events.length === limit) return { events, next: writeCursor(places) };
      }
    }
  }
  return { events };
};

/** Every event of a selection, oldest first. */
export async function* eachEvent(store: EventStore, selection: Selection): AsyncGenerator<StoredEvent> {
  let after: string | undefined;
  do {
    const page = await readPage(store, selection, { limit: mostAtOnce, after });
    yield* page.events;
    after = page.next;
  } while (after !== undefined);
}
