import { indexes } from "./keys";
import { type EventStore, readEvent, readEvents, readIndex } from "./read";
import type { StoredEvent } from "./storedEvent";

export interface Story {
  events: StoredEvent[];
  /** There is more of it than was asked for. */
  cut: boolean;
}

const askedAtOnce = 10;

const idsIn = async (store: EventStore, index: string, attribute: string, partition: string, most: number) =>
  (await readIndex(store, { index, attribute, partition, most })).map(({ event_id }) => event_id);

/** Events elsewhere that begin a story of their own because of one of these. */
const begunBy = async (store: EventStore, causes: readonly StoredEvent[], most: number): Promise<string[]> => {
  const found: string[] = [];
  // Entries of the audit trail were on no bus: nothing follows from them.
  const able = causes.filter(({ status }) => status !== "recorded");
  for (let at = 0; at < able.length; at += askedAtOnce) {
    const answers = await Promise.all(
      able
        .slice(at, at + askedAtOnce)
        .map(({ event_id }) => idsIn(store, indexes.causation, "begun_by", event_id, most)),
    );
    found.push(...answers.flat());
  }
  return found;
};

/**
 * Everything that hangs together with an event: what shares its correlation id, and where a cause or an effect belongs to
 * another story, that one too. Undefined where there is no such event.
 */
export const readStory = async (store: EventStore, eventId: string, most: number): Promise<Story | undefined> => {
  const asked = await readEvent(store, eventId);
  if (!asked) return undefined;
  const events = new Map([[eventId, asked]]);
  const seen = new Set([asked.correlation_id]);
  let cut = false;
  // The set grows while it is walked: a story found on the way is read in its turn.
  for (const correlation of seen) {
    const ids = await idsIn(store, indexes.correlation, "correlation_id", correlation, most + 1);
    const fresh = ids.filter((id) => !events.has(id));
    const room = most - events.size;
    cut = fresh.length > room;
    const members = [...(await readEvents(store, fresh.slice(0, room))).values()];
    for (const event of members) events.set(event.event_id, event);
    if (cut) break;
    const all = [...events.values()].filter(({ correlation_id }) => correlation_id === correlation);
    const causes = all.flatMap(({ causation_id: id }) => (id !== undefined && !events.has(id) ? [id] : []));
    const others = await readEvents(store, [...new Set([...causes, ...(await begunBy(store, all, most))])]);
    for (const { correlation_id } of others.values()) seen.add(correlation_id);
  }
  return { events: [...events.values()], cut };
};

/**
 * The story that goes by a correlation id, and the stories that it began: what followed, and not what else led there. An
 * effect that several stories share, `alsoBegun` knows of.
 */
export const readStoryOf = async (
  store: EventStore,
  correlationId: string,
  most: number,
  alsoBegun: (events: readonly StoredEvent[]) => Promise<string[]> = async () => [],
): Promise<Story> => {
  const events = new Map<string, StoredEvent>();
  const begin = { event_id: correlationId, status: "published" } as StoredEvent;
  const seen = new Set([correlationId]);
  // Grows while it is walked, as above.
  for (const correlation of seen) {
    const ids = await idsIn(store, indexes.correlation, "correlation_id", correlation, most + 1);
    const fresh = ids.filter((id) => !events.has(id));
    const room = most - events.size;
    const members = [...(await readEvents(store, fresh.slice(0, room))).values()];
    for (const event of members) events.set(event.event_id, event);
    if (fresh.length > room) return { events: [...events.values()], cut: true };
    // A run of a schedule is no event, and yet a cause.
    const causes = correlation === correlationId && !events.has(correlationId) ? [begin, ...members] : members;
    const effects = [...(await begunBy(store, causes, most)), ...(await alsoBegun(members))];
    for (const { correlation_id } of (await readEvents(store, [...new Set(effects)])).values()) {
      seen.add(correlation_id);
    }
  }
  return { events: [...events.values()], cut: false };
};
