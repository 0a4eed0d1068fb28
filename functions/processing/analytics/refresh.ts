import type { Run } from "../consume/run";
import { Failure } from "../failure";
import { requireOwner } from "../ledger/owner";
import { ask } from "./ask";
import { compute } from "./compute";
import { actual, type Shelf } from "./keys";
import { type AskingEvent, planOf } from "./plan";

/** `asked`: another event's turn computed it already. `none`: the event touches no figure. */
export type Outcome = "computed" | "asked" | "none" | "duplicate";

/** Asks for what an event touches, once, and computes what waits: also what an earlier delivery asked for and never computed. */
export const refresh = (event: AskingEvent, run: Run): Promise<Outcome> => refreshIn(actual, event, run);

/** As refresh, with figures of the path's own. */
export const refreshIn = async (shelf: Shelf, event: AskingEvent, run: Run): Promise<Outcome> => {
  const owner = requireOwner(event.userId);
  const plan = planOf(event);
  if (!plan) throw new Failure("permanent", `no plan for ${event.eventType}`, { origin: "code" });
  const isNew = await ask(shelf(owner), event, plan, run);
  const computed = await compute(owner, run, shelf(owner));
  if (computed > 0) return "computed";
  if (!isNew) return "duplicate";
  return plan.types.length === 0 ? "none" : "asked";
};
