import { inLanes } from "../consume/inLanes";
import type { Run } from "../consume/run";
import { Failure } from "../failure";
import { requireOwner } from "../ledger/owner";
import { type Asking, ask } from "./ask";
import { compute } from "./compute";
import { actual, rehearsed, type Shelf } from "./keys";
import { type AskingEvent, planOf } from "./plan";

/** `asked`: another event's turn computed it already. `none`: the event touches no figure. */
export type Outcome = "computed" | "asked" | "none" | "duplicate";

const askingOf = (event: AskingEvent): Asking => {
  const plan = planOf(event);
  if (!plan) throw new Failure("permanent", `no plan for ${event.eventType}`, { origin: "code" });
  return { event, plan };
};

/** What several events of one person ask for, each once, and then what waits: also what was asked for and never computed. */
const refreshAll =
  (shelf: Shelf) =>
  async (owner: string, events: readonly AskingEvent[], run: Run): Promise<Outcome[]> => {
    const asking = events.map(askingOf);
    const { news, standing } = await ask(owner, asking, run, shelf);
    const computed = await compute(owner, run, shelf, standing);
    const told = new Set<string>();
    return asking.map(({ event: { eventId }, plan }) => {
      const isNew = news.has(eventId) && !told.has(eventId);
      told.add(eventId);
      if (isNew && plan.types.length === 0) return "none";
      if (computed > 0 && (isNew || news.size === 0)) return "computed";
      return isNew ? "asked" : "duplicate";
    });
  };

const ownerOf = ({ userId }: AskingEvent): string => requireOwner(userId);

/** Asks for what an event touches, once, and computes what waits; events of one person that come side by side go together. */
export const refresh = inLanes(ownerOf, refreshAll(actual));

/** As refresh, with figures that are only there to be compared. */
export const rehearseRefresh = inLanes(ownerOf, refreshAll(rehearsed));
