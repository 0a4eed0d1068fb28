import type { StoredEvent } from "./storedEvent";

/** An event and what followed from it. */
export interface Branch {
  event: StoredEvent;
  children: Branch[];
}

const byTime = (a: StoredEvent, b: StoredEvent): number =>
  a.occurred_at === b.occurred_at ? (a.event_id < b.event_id ? -1 : 1) : a.occurred_at < b.occurred_at ? -1 : 1;

/**
 * Orders events by cause and effect. One whose cause is not among them stands at the top; so does the first of a circle,
 * which wrong ids of a publisher may form.
 */
export const grow = (events: readonly StoredEvent[]): Branch[] => {
  const sorted = [...events].sort(byTime);
  const known = new Set(sorted.map(({ event_id }) => event_id));
  const effects = new Map<string, StoredEvent[]>();
  for (const event of sorted) {
    const { causation_id: cause } = event;
    if (cause !== undefined) effects.set(cause, [...(effects.get(cause) ?? []), event]);
  }
  const placed = new Set<string>();
  const branch = (event: StoredEvent): Branch => {
    placed.add(event.event_id);
    const children: Branch[] = [];
    for (const effect of effects.get(event.event_id) ?? []) {
      if (!placed.has(effect.event_id)) children.push(branch(effect));
    }
    return { event, children };
  };
  const isTop = ({ causation_id }: StoredEvent) => causation_id === undefined || !known.has(causation_id);
  const tops = sorted.filter(isTop).map(branch);
  const circles: Branch[] = [];
  for (const event of sorted) if (!placed.has(event.event_id)) circles.push(branch(event));
  return [...tops, ...circles];
};
