import type { TransactItem } from "../aws/transact";
import { writeTogether } from "../aws/writeTogether";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { env } from "../environment";
import { actual, askedKey, type Shelf, shelfLife, standingKey } from "./keys";
import { type AskingEvent, analyticsTypes, type Plan } from "./plan";
import { readKnown, type Standing, type Status, standingItems } from "./status";
import { joined, type Months, touchedBy } from "./touched";

/** After this an event that comes again is computed again, which changes nothing but the moment. */
const keptSeconds = 30 * 86_400;

export interface Asking {
  event: AskingEvent;
  plan: Plan;
}

const markItem = (owner: string, { event, plan }: Asking, now: number) => ({
  Put: {
    TableName: env("ANALYTICS_STATUS_TABLE"),
    Item: {
      ...askedKey(owner, event.eventId),
      event_type: event.eventType,
      priority: plan.priority,
      types: [...plan.types],
      asked_at: new Date(now).toISOString(),
      correlation_id: event.correlationId,
      expires_at: Math.floor(now / 1_000) + keptSeconds,
    },
    ConditionExpression: "attribute_not_exists(analytics_key)",
  },
});

/** The status of a type after these have asked for it, in their order. */
const statusAfter = (before: Status | undefined, asking: readonly Asking[], now: number): Status => ({
  ...before,
  status: "pending",
  priority: Math.min(
    ...(before?.status === "pending" ? [before.priority] : []),
    ...asking.map(({ plan }) => plan.priority),
  ),
  requested: (before?.requested ?? 0) + asking.length,
  computed: before?.computed ?? 0,
  asked_by: asking.at(-1)?.event.eventId ?? "",
  asked_at: new Date(now).toISOString(),
});

/** How things stand once these have asked; as they did where they ask for nothing. */
const standingAfter = (
  kept: string,
  asking: readonly Asking[],
  before: Standing | undefined,
  touched: Months,
  now: number,
): Standing | undefined => {
  const asked = analyticsTypes.flatMap((type) => {
    const own = asking.filter(({ plan }) => plan.types.includes(type));
    return own.length > 0 ? [[type, statusAfter(before?.types[type], own, now)] as const] : [];
  });
  if (asked.length === 0) return before;
  const stale = joined(before?.stale ?? "all", touched);
  return {
    years: [],
    ...before,
    ...standingKey(kept),
    types: { ...before?.types, ...Object.fromEntries(asked) },
    stale: stale === "all" ? stale : [...stale],
    version: (before?.version ?? 0) + 1,
    ...shelfLife(kept, now),
  };
};

/** What events of one person ask for, of which nothing is written yet. */
export interface Heard {
  /** Those of the events that had not asked before. */
  news: ReadonlySet<string>;
  /** By which it will be known that they have. */
  marks: TransactItem[];
  before: Standing | undefined;
  after: Standing | undefined;
}

type Touched = Map<AskingEvent, Months>;

/** Looks up what the events of one person touch, each of them once. */
export const hear = async (
  owner: string,
  asking: readonly Asking[],
  run: Run,
  shelf: Shelf,
  /** What is known of it already, and comes to be known. */
  touched: Touched = new Map(),
): Promise<Heard> => {
  const byId = new Map(asking.map((one) => [one.event.eventId, one]));
  const kept = shelf(owner);
  const { asked, standing: before } = await readKnown(kept, [...byId.keys()], run);
  const fresh = [...byId.values()].filter(({ event }) => !asked.has(event.eventId));
  const news = new Set(fresh.map(({ event }) => event.eventId));
  if (fresh.length === 0) return { news, marks: [], before, after: before };
  const unknown = fresh.filter(({ event, plan }) => plan.types.length > 0 && !touched.has(event));
  const found = await touchedBy(
    owner,
    unknown.map(({ event }) => event),
    run,
  );
  for (const [event, months] of found) touched.set(event, months);
  const months = joined(...fresh.map(({ event }) => touched.get(event) ?? []));
  const now = run.now();
  return {
    news,
    marks: fresh.map((one) => markItem(kept, one, now)),
    before,
    after: standingAfter(kept, fresh, before, months, now),
  };
};

export interface Asked {
  /** Those of the events that had not asked before. */
  news: ReadonlySet<string>;
  standing: Standing | undefined;
}

/**
 * Asks for what the events of one person touch: each of them once, together in one transaction, which has room for as many
 * as an invocation brings.
 */
export const ask = async (
  owner: string,
  asking: readonly Asking[],
  run: Run,
  shelf: Shelf = actual,
): Promise<Asked> => {
  const touched: Touched = new Map();
  return overtaken(run, async () => {
    const { news, marks, before, after } = await hear(owner, asking, run, shelf, touched);
    await writeTogether([...marks, ...standingItems(before, after)], run);
    return { news, standing: after };
  });
};
