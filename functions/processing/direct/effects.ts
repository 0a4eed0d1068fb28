import { askingEvents } from "../analytics/plan";
import { refresh } from "../analytics/refresh";
import { categorizeAutomatically } from "../categorization/automatic";
import { categorizedAfter } from "../categorization/heard";
import { wordOf } from "../consume/outcome";
import type { Run } from "../consume/run";
import { type EventDefinition, hears, type PlatformEvent } from "../events/definition";
import { toldEvents } from "../notices/kind";
import { notice } from "../notices/notice";

/** What a consumer does, called without a bus: its very handler, for the events that it hears. */
interface Effect {
  consumer: string;
  hears: (eventType: string) => boolean;
  have: (event: PlatformEvent, run: Run) => Promise<string>;
}

const effect = <D extends EventDefinition>(
  consumer: string,
  accepts: readonly D[],
  handle: (event: PlatformEvent<D>, run: Run) => Promise<string>,
): Effect => ({
  consumer,
  hears: (eventType) => hears(accepts, eventType),
  have: (event, run) => handle(event as PlatformEvent<D>, run),
});

/** Categories first: the figures then need not be computed again for them. */
export const effects: readonly Effect[] = [
  effect("categorization", categorizedAfter, categorizeAutomatically),
  effect("analytics", askingEvents, refresh),
  effect("ledger-notification", toldEvents, notice),
];

/** All effects of an event, one after another; each is had once, however often this is repeated. */
export const haveEffects = async (event: PlatformEvent, run: Run): Promise<string> => {
  const words: string[] = [];
  for (const { consumer, hears: listens, have } of effects) {
    if (listens(event.eventType)) words.push(`${consumer}: ${wordOf(await have(event, run))}`);
  }
  return words.join(", ");
};
