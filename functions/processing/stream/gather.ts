import type { HourOfEvents } from "./count/count";
import { nameOf, one } from "./count/figures";
import { idDigest, shardOf, userDigest } from "./count/keys";
import type { EnrichedEvent } from "./enrich/enrich";
import { amountOf, measureOf } from "./event";
import type { Arrived } from "./read/arrived";
import { hourOf } from "./window";

/** An event on its way into the tables and the archive. */
export interface Handled extends EnrichedEvent {
  record: Arrived;
  arrivedAt: number;
}

/** Those that are counted in one log, with the events that they are made of. */
export interface Gathered {
  of: HourOfEvents;
  handled: Handled[];
}

/** By experiment, hour and log. */
export const gather = (events: readonly Handled[], shards: number): Gathered[] => {
  const groups = new Map<string, Gathered>();
  for (const handled of events) {
    const { event, variant, arrivedAt } = handled;
    const { experimentId } = event;
    const hour = hourOf(event.timestamp);
    const user = userDigest(experimentId, event.userId);
    const shard = shardOf(user, shards);
    const key = `${experimentId}#${hour}#${shard}`;
    let group = groups.get(key);
    if (!group) {
      group = { of: { experimentId, hour, shard, events: [], arrivedAt }, handled: [] };
      groups.set(key, group);
    }
    group.of.events.push({
      id: idDigest(event.eventId),
      user,
      name: nameOf(variant, measureOf(event)),
      figures: one(amountOf(event)),
    });
    group.of.arrivedAt = Math.max(group.of.arrivedAt, arrivedAt);
    group.handled.push(handled);
  }
  return [...groups.values()];
};

/** The first of each event: as often as a producer repeats it within an hour, it is one. */
export const firstOfEach = (events: readonly Handled[]): Handled[] => {
  const met = new Set<string>();
  return events.filter(({ event: { experimentId, eventId, timestamp } }) => {
    const key = JSON.stringify([experimentId, eventId, hourOf(timestamp)]);
    if (met.has(key)) return false;
    met.add(key);
    return true;
  });
};
