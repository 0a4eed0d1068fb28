import { type AskingEvent, askingEvents } from "../analytics/plan";
import { rehearseRefresh } from "../analytics/refresh";
import { foreseeCategories } from "../categorization/automatic";
import { type CategorizedAfter, categorizedAfter } from "../categorization/heard";
import type { Run } from "../consume/run";
import { hears, type PlatformEvent } from "../events/definition";
import { type ToldEvent, toldEvents } from "../notices/kind";
import { compose } from "../notices/notice";
import { keepRehearsal, type Rehearsal } from "./rehearsal";

/**
 * Does all that the event's effects come from, but has none of them: figures are computed into rows of their own, categories
 * and messages are only found out. What came of it is kept until it is compared.
 */
export const rehearse = async (event: PlatformEvent, run: Run): Promise<"rehearsed" | "duplicate"> => {
  const { eventType } = event;
  const rehearsal: Rehearsal = {};
  if (hears(categorizedAfter, eventType)) {
    rehearsal.categories = Object.fromEntries(await foreseeCategories(event as CategorizedAfter, run));
  }
  if (hears(toldEvents, eventType)) {
    rehearsal.said = (await compose(event as ToldEvent, run))?.said ?? "unwanted";
  }
  if (hears(askingEvents, eventType)) await rehearseRefresh(event as AskingEvent, run);
  return (await keepRehearsal(event.eventId, rehearsal, run)) ? "rehearsed" : "duplicate";
};
