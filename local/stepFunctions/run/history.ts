import type { JsonObject } from "../language/json";
import { StateError } from "../language/stateError";

/** One event, as the history numbers it. */
export interface HistoryEvent {
  id: number;
  previousEventId: number;
  /** Epoch ms. */
  timestamp: number;
  type: string;
  details?: JsonObject;
  /** It tells of a state of the machine itself, not of one within a Map or Parallel state. */
  top?: boolean;
}

/** As many events as an execution may have. */
export const mostEvents = 25_000;

interface Options {
  now: () => number;
  /** Hears of each event. */
  onEvent: (event: HistoryEvent) => void;
  /** AWS keeps none for express executions, and does not limit theirs. */
  kept: boolean;
  /** What happened before. */
  before?: readonly HistoryEvent[];
}

/** What happened in an execution. */
export class History {
  #events: HistoryEvent[];
  #count: number;

  constructor(private readonly options: Options) {
    this.#events = [...(options.before ?? [])];
    this.#count = this.#events.length;
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** Answers the event's id. The last that there is room for is left to the end of the execution. */
  add(type: string, previousEventId: number, details?: JsonObject, top?: boolean): number {
    if (this.options.kept && this.#count >= mostEvents - 1) {
      throw new StateError(
        "States.Runtime",
        `The execution reached the maximum number of history events (${mostEvents}).`,
      );
    }
    return this.#push(type, previousEventId, details, top);
  }

  end(type: string, previousEventId: number, details?: JsonObject): number {
    return this.#push(type, previousEventId, details);
  }

  /** Forgets what happened, to make room. */
  forget(): void {
    this.#events = [];
  }

  #push(type: string, previousEventId: number, details?: JsonObject, top?: boolean): number {
    const event: HistoryEvent = {
      id: ++this.#count,
      previousEventId,
      timestamp: this.options.now(),
      type,
      ...(details && { details }),
      ...(top && { top }),
    };
    if (this.options.kept) this.#events.push(event);
    this.options.onEvent(event);
    return event.id;
  }
}

/** The name of an event's details on the wire. */
const detailsName = (type: string): string => {
  const state = /State(Entered|Exited)$/.exec(type);
  return state ? `state${state[1]}EventDetails` : `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
};

/** What is left out of events for whoever is not to see data. */
const data = ["input", "inputDetails", "output", "outputDetails", "parameters"];

export const withoutData = (details: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(details).filter(([name]) => !data.includes(name)));

/** An event as GetExecutionHistory answers it. */
export const describeEvent = (
  { id, previousEventId, timestamp, type, details }: HistoryEvent,
  includeData: boolean,
): Record<string, unknown> => ({
  id,
  previousEventId,
  timestamp: timestamp / 1_000,
  type,
  ...(details && { [detailsName(type)]: includeData ? details : withoutData(details) }),
});
