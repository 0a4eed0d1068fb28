import type { AlarmDefinition, StateValue } from "./alarm/definition";
import { evaluationRange, judge } from "./alarm/judge";
import { type Notification, notification, type Site } from "./alarm/notification";
import { reasonDataFor, reasonFor } from "./alarm/reason";
import { watchedSeries } from "./alarm/watched";
import { type MetricStore, minuteMs } from "./metrics";
import { invalid } from "./refused";
import type { Frame } from "./series";

export { type AlarmDefinition, defineAlarm, type StateValue } from "./alarm/definition";
export { alarmArn, type Notification, type Site } from "./alarm/notification";

export interface AlarmState {
  value: StateValue;
  reason: string;
  /** JSON. */
  reasonData: string;
  updatedAt: number;
}

export interface HistoryItem {
  timestamp: number;
  type: "ConfigurationUpdate" | "StateUpdate";
  summary: string;
  /** JSON. */
  data: string;
}

/** An alarm as it stands. It is never changed: what happens to it gives a new one. */
export interface Alarm {
  definition: AlarmDefinition;
  configuredAt: number;
  state: AlarmState;
  /** Newest first, the last hundred. */
  history: readonly HistoryItem[];
}

export interface Transition extends Notification {
  from: StateValue;
  to: StateValue;
  /** ARNs; none where the alarm's actions are disabled. */
  actions: readonly string[];
}

export interface Outcome {
  alarm: Alarm;
  /** Undefined where the state stays. */
  transition: Transition | undefined;
}

const keptHistory = 100;

const remember = (alarm: Alarm, item: HistoryItem): Alarm => ({
  ...alarm,
  history: [item, ...alarm.history].slice(0, keptHistory),
});

const configured = (alarm: Alarm, what: "created" | "updated", now: number): Alarm =>
  remember(alarm, {
    timestamp: now,
    type: "ConfigurationUpdate",
    summary: `Alarm "${alarm.definition.name}" ${what}`,
    data: JSON.stringify({ version: "1.0", type: what === "created" ? "Create" : "Update" }),
  });

export const createAlarm = (definition: AlarmDefinition, now: number): Alarm => {
  const state: AlarmState = {
    value: "INSUFFICIENT_DATA",
    reason: "Unchecked: Initial alarm creation",
    reasonData: "",
    updatedAt: now,
  };
  return configured({ definition, configuredAt: now, state, history: [] }, "created", now);
};

/** A new definition under the same name keeps state and history. */
export const updateAlarm = (alarm: Alarm, definition: AlarmDefinition, now: number): Alarm =>
  configured({ ...alarm, definition, configuredAt: now }, "updated", now);

const described = ({ value, reason, reasonData }: AlarmState) => ({
  stateValue: value,
  stateReason: reason,
  ...(reasonData && { stateReasonData: JSON.parse(reasonData) as unknown }),
});

const move = (alarm: Alarm, to: AlarmState, site: Site): Outcome => {
  const { definition, state, configuredAt } = alarm;
  if (state.value === to.value) return { alarm, transition: undefined };
  const moved = remember(
    { ...alarm, state: to },
    {
      timestamp: to.updatedAt,
      type: "StateUpdate",
      summary: `Alarm updated from ${state.value} to ${to.value}`,
      data: JSON.stringify({ version: "1.0", oldState: described(state), newState: described(to) }),
    },
  );
  const change = { from: state.value, to: to.value, reason: to.reason, at: to.updatedAt };
  return {
    alarm: moved,
    transition: {
      from: change.from,
      to: change.to,
      actions: definition.actionsEnabled ? definition.actions[to.value] : [],
      ...notification(definition, change, configuredAt, site),
    },
  };
};

/** Puts an alarm into a state by hand, until it is next evaluated. */
export const setAlarmState = (alarm: Alarm, state: Omit<AlarmState, "updatedAt">, now: number, site: Site): Outcome => {
  if (state.reasonData) {
    try {
      JSON.parse(state.reasonData);
    } catch {
      throw invalid("the state's reason data must be JSON");
    }
  }
  return move(alarm, { ...state, updatedAt: now }, site);
};

/** CloudWatch's periods end at the last full minute, whatever their length. */
const frameOf = (definition: AlarmDefinition, now: number): Frame => {
  const length = evaluationRange(definition);
  const end = now - (now % minuteMs);
  return { start: end - length * definition.period * 1_000, period: definition.period, length };
};

/** Looks at the metrics as they are now. To be called once a minute. */
export const evaluateAlarm = (alarm: Alarm, metrics: MetricStore, now: number, site: Site): Outcome => {
  const { definition } = alarm;
  const frame = frameOf(definition, now);
  const series = watchedSeries(definition.watched, frame, (metric) => metrics.series(metric, frame));
  const judgement = judge(series, definition);
  const { state: value } = judgement;
  if (value === undefined || value === alarm.state.value) return { alarm, transition: undefined };
  const reason = reasonFor(definition, value, judgement, frame);
  const reasonData = reasonDataFor(definition, judgement, frame, now);
  return move(alarm, { value, reason, reasonData, updatedAt: now }, site);
};
