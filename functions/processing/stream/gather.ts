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
  /** Which of those that were received it is. */
  at: number;
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
  for (const [at, { record, event }] of received.entries()) {
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
    group.members.push({ record, event, user, at });
    group.complete &&= event.variant !== undefined;
    group.arrivedAt = Math.max(group.arrivedAt, record.arrivedAt);
  }
  return [...groups.values()];
};

/** What of them is counted, once it is known what each user was shown. */
export const countables = ({ members }: Gathered, variantOf: (member: Member) => string): Countable[] =>
  members.map((member) => ({
    id: idDigest(member.event.eventId),
    user: member.user,
    name: nameOf(variantOf(member), measureOf(member.event)),
    figures: one(amountOf(member.event)),
  }));

/** The first of each event: as often as a producer repeats it within an hour, it is one. */
export const firstOfEach = (events: readonly Handled[]): Handled[] => {
  const met = new Map<string, Set<string>>();
  return events.filter(({ event: { experimentId, eventId, timestamp } }) => {
    const window = `${experimentId}#${hourOf(timestamp)}`;
    let ids = met.get(window);
    if (!ids) {
      ids = new Set();
      met.set(window, ids);
    }
    const before = ids.size;
    return ids.add(eventId).size > before;
  });
};
