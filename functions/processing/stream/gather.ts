import type { HourOfEvents } from "./count/count";
import type { Countable } from "./count/entryOf";
import { nameOf, one } from "./count/figures";
import { idDigest, shardOf, userDigest } from "./count/keys";
import type { EnrichedEvent } from "./enrich/enrich";
import { amountOf, measureOf } from "./event";
import type { Arrived } from "./read/arrived";
import type { Received } from "./receive";
import { hourOf } from "./window";

/** An event on its way into the archive. */
export interface Handled extends EnrichedEvent {
  record: Arrived;
  arrivedAt: number;
}

interface Member extends Received {
  user: Uint8Array;
}

/** Those that are counted in one log. */
export interface Gathered extends Omit<HourOfEvents, "events"> {
  members: Member[];
  /** Whether each of them says what its user was shown: then nothing has to be known of them to count them. */
  complete: boolean;
}

/** By experiment, hour and log. */
export const gather = (received: readonly Received[], shards: number): Gathered[] => {
  const groups = new Map<string, Gathered>();
  for (const { record, event } of received) {
    const { experimentId } = event;
    const hour = hourOf(event.timestamp);
    const user = userDigest(experimentId, event.userId);
    const shard = shardOf(user, shards);
    const key = `${experimentId}#${hour}#${shard}`;
    let group = groups.get(key);
    if (!group) {
      group = { experimentId, hour, shard, members: [], complete: true, arrivedAt: record.arrivedAt };
      groups.set(key, group);
    }
    group.members.push({ record, event, user });
    group.complete &&= event.variant !== undefined;
    group.arrivedAt = Math.max(group.arrivedAt, record.arrivedAt);
  }
  return [...groups.values()];
};

/** What of them is counted, once it is known what each user was shown. */
export const countables = ({ members }: Gathered, variantOf: (event: Received["event"]) => string): Countable[] =>
  members.map(({ event, user }) => ({
    id: idDigest(event.eventId),
    user,
    name: nameOf(variantOf(event), measureOf(event)),
    figures: one(amountOf(event)),
  }));

/** The first of each event: as often as a producer repeats it within an hour, it is one. */
export const firstOfEach = (events: readonly Handled[]): Handled[] => {
  const met = new Set<string>();
  return events.filter(({ event: { experimentId, eventId, timestamp } }) => {
    // Neither an experiment's name nor an hour has this sign in it.
    const key = `${experimentId}#${hourOf(timestamp)}#${eventId}`;
    if (met.has(key)) return false;
    met.add(key);
    return true;
  });
};
