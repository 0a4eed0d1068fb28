import type { Cloud } from "../../cloud/cloud";
import {
  type Alarm,
  type AlarmDefinition,
  type AlarmState,
  createAlarm,
  evaluateAlarm,
  type HistoryItem,
  type Outcome,
  setAlarmState,
  updateAlarm,
} from "../alarm";
import { evaluationRange } from "../alarm/judge";
import { minuteMs } from "../metrics";
import { Refused } from "../refused";
import { type ActionItem, act, site } from "./actions";
import type { KeptAlarms } from "./keptAlarms";
import { metricKey, type WatchedMetrics } from "./watchedMetrics";

interface Held {
  alarm: Alarm;
  /** Newest first, the last hundred. */
  actions: ActionItem[];
  /** Of the metrics it watches. */
  keys: readonly string[];
  /** To be looked at up to this moment, whatever its metrics say. */
  dueUntil: number;
  /** The minute at which it was last looked at. */
  lookedAt: number;
}

const keptActions = 100;

const keysOf = ({ watched }: AlarmDefinition): string[] =>
  watched.kind === "metric"
    ? [metricKey(watched.metric)]
    : watched.queries.flatMap((query) => (query.kind === "metric" ? [metricKey(query.metric)] : []));

const afterThis = (now: number): number => now - (now % minuteMs) + minuteMs;

/**
 * The alarms, each looked at once a minute for as long as its state can change: while data lies in the stretch that it
 * judges, and once after the last has left it. A clock that is turned by days runs past the quiet minutes.
 */
export class AlarmBoard {
  readonly #held = new Map<string, Held>();
  #waiting = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly metrics: () => WatchedMetrics,
    private readonly kept?: KeptAlarms,
  ) {}

  put(definition: AlarmDefinition): void {
    const now = this.cloud.clock.now();
    const known = this.#held.get(definition.name);
    const fresh = { keys: keysOf(definition), dueUntil: afterThis(now), lookedAt: 0 };
    if (known) this.#become(Object.assign(known, fresh), updateAlarm(known.alarm, definition, now));
    else this.#held.set(definition.name, { ...fresh, ...this.#begin(definition, now) });
    this.#arm();
  }

  /** As they were when they were declared. */
  reset(): void {
    const definitions = this.all().map(({ definition }) => definition);
    this.#held.clear();
    this.kept?.clear();
    for (const definition of definitions) this.put(definition);
  }

  all(): Alarm[] {
    return [...this.#held.values()].map(({ alarm }) => alarm);
  }

  /** Newest first. */
  history(name: string): (HistoryItem | ActionItem)[] {
    const held = this.#held.get(name);
    return held ? [...held.actions, ...held.alarm.history].sort((one, other) => other.timestamp - one.timestamp) : [];
  }

  setState(name: string, state: Omit<AlarmState, "updatedAt">): void {
    const held = this.#named(name);
    const now = this.cloud.clock.now();
    this.#take(held, setAlarmState(held.alarm, state, now, site));
    held.dueUntil = afterThis(now);
    this.#arm();
  }

  setActionsEnabled(name: string, actionsEnabled: boolean): void {
    const { alarm } = this.#named(name);
    this.put({ ...alarm.definition, actionsEnabled });
  }

  /** Data of a metric has come: alarms that slept may have to look again. */
  noticed(key: string): void {
    if (this.#waiting) return;
    if ([...this.#held.values()].some(({ keys }) => keys.includes(key))) this.#arm();
  }

  #named(name: string): Held {
    const held = this.#held.get(name);
    if (!held) throw new Refused("notFound", `Unknown alarm: ${name}`);
    return held;
  }

  /** Whether its state can be another than it was when it was last looked at. */
  #isAwake({ keys, alarm: { definition }, dueUntil, lookedAt }: Held): boolean {
    const reach = evaluationRange(definition) * definition.period * 1_000 + minuteMs;
    return lookedAt < dueUntil || keys.some((key) => lookedAt < this.metrics().newest(key) + reach);
  }

  #arm(): void {
    if (this.#waiting || ![...this.#held.values()].some((held) => this.#isAwake(held))) return;
    this.#waiting = true;
    this.cloud.clock.at(afterThis(this.cloud.clock.now()), "calendar", () => {
      this.#waiting = false;
      this.#look();
      this.#arm();
    });
  }

  #look(): void {
    const now = this.cloud.clock.now();
    for (const held of this.#held.values()) {
      if (!this.#isAwake(held)) continue;
      held.lookedAt = now - (now % minuteMs);
      this.#take(held, evaluateAlarm(held.alarm, this.metrics(), now, site));
    }
  }

  #begin(definition: AlarmDefinition, now: number): Pick<Held, "alarm" | "actions"> {
    const { alarm: left, actions = [], same } = this.kept?.find(definition) ?? {};
    if (left && same) return { alarm: left, actions };
    const alarm = left ? updateAlarm(left, definition, now) : createAlarm(definition, now);
    this.#remember(alarm);
    return { alarm, actions };
  }

  #become(held: Held, alarm: Alarm): void {
    if (held.alarm === alarm) return;
    held.alarm = alarm;
    this.#remember(alarm);
  }

  #remember(alarm: Alarm, item: HistoryItem | ActionItem | undefined = alarm.history[0]): void {
    if (item) this.kept?.note(alarm, item);
  }

  #take(held: Held, { alarm, transition }: Outcome): void {
    const before = held.alarm;
    this.#become(held, alarm);
    if (!transition) return;
    void act(this.cloud, { before, after: alarm, transition }, (item) => {
      held.actions = [item, ...held.actions].slice(0, keptActions);
      this.#remember(held.alarm, item);
    });
  }
}
