import { createHash } from "node:crypto";
import { BoundedJournal } from "../../cloud/boundedJournal";
import type { Journal } from "../../cloud/journal";
import type { Alarm, AlarmDefinition, AlarmState, HistoryItem } from "../alarm";
import type { ActionItem } from "./actions";

/** One more item of an alarm's history, and what the alarm was after it. */
export interface AlarmChange {
  alarm: string;
  item: HistoryItem | ActionItem;
  definition: string;
  configuredAt: number;
  state: AlarmState;
}

interface KeptAlarm extends Omit<AlarmChange, "item"> {
  /** Newest first. */
  history: HistoryItem[];
  actions: ActionItem[];
}

const keptItems = 100;

/** Tells definitions apart. */
const printOf = (definition: AlarmDefinition): string =>
  createHash("sha256").update(JSON.stringify(definition)).digest("base64url");

const addTo = <Item>(items: readonly Item[], item: Item): Item[] => [item, ...items].slice(0, keptItems);

/** States and histories of alarms, beyond the process. Definitions are the program's: it declares them again. */
export class KeptAlarms {
  readonly #alarms = new Map<string, KeptAlarm>();
  readonly #journal: BoundedJournal<AlarmChange>;

  constructor(journal: Journal<AlarmChange>) {
    for (const change of journal.read()) this.#apply(change);
    this.#journal = new BoundedJournal(journal, () => this.#story());
  }

  /** The alarm of this name as it was left, and whether it was defined as it is now. */
  find(definition: AlarmDefinition): { alarm: Alarm; actions: ActionItem[]; same: boolean } | undefined {
    const kept = this.#alarms.get(definition.name);
    if (!kept) return undefined;
    const { configuredAt, state, history, actions } = kept;
    return {
      alarm: { definition, configuredAt, state, history },
      actions,
      same: kept.definition === printOf(definition),
    };
  }

  note({ definition, configuredAt, state }: Alarm, item: HistoryItem | ActionItem): void {
    const change = { alarm: definition.name, item, definition: printOf(definition), configuredAt, state };
    this.#apply(change);
    this.#journal.append([change]);
  }

  clear(): void {
    this.#alarms.clear();
    this.#journal.cutDown();
  }

  close(): void {
    this.#journal.close();
  }

  #apply({ item, ...change }: AlarmChange): void {
    const { history = [], actions = [] } = this.#alarms.get(change.alarm) ?? {};
    const items =
      item.type === "Action" ? { history, actions: addTo(actions, item) } : { history: addTo(history, item), actions };
    this.#alarms.set(change.alarm, { ...change, ...items });
  }

  *#story(): Iterable<AlarmChange> {
    for (const { history, actions, ...about } of this.#alarms.values()) {
      for (const item of [...history, ...actions].reverse()) yield { ...about, item };
    }
  }
}
