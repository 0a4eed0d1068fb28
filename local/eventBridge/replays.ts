import { setImmediate as turn } from "node:timers/promises";
import type { Cloud } from "../cloud/cloud";
import { alreadyExists, type Bus, notFound } from "./bus";
import type { EventEnvelope } from "./envelope";
import { EventBridgeError, invalidRequest } from "./errors";
import { replayArn } from "./names";
import type { Router } from "./router";

export type ReplayState = "STARTING" | "RUNNING" | "COMPLETED" | "CANCELLING" | "CANCELLED";

export interface ReplayOrder {
  name: string;
  description: string | undefined;
  /** ARN of the archive. */
  source: string;
  destination: { Arn: string; FilterArns?: readonly string[] };
  /** Of the events, in epoch seconds. */
  from: number;
  to: number;
}

export interface Replay extends ReplayOrder {
  arn: string;
  state: ReplayState;
  /** All in epoch seconds. */
  startedAt: number;
  endedAt: number | undefined;
  lastReplayed: number | undefined;
}

const perTurn = 100;

const secondsOf = ({ time }: EventEnvelope): number => Date.parse(time) / 1_000;

/** Puts archived events on their bus again, a few at a time. */
export class Replays {
  readonly #byName = new Map<string, Replay>();

  constructor(
    private readonly cloud: Cloud,
    private readonly router: Router,
  ) {}

  get(name: string): Replay {
    const replay = this.#byName.get(name);
    if (!replay) throw notFound(`Replay ${name}`);
    return replay;
  }

  all(): Replay[] {
    return [...this.#byName.values()];
  }

  start(order: ReplayOrder, bus: Bus, archived: readonly EventEnvelope[]): Replay {
    if (order.to <= order.from) {
      throw invalidRequest("Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.");
    }
    if (this.#byName.has(order.name)) throw alreadyExists(`Replay ${order.name}`);
    const replay: Replay = {
      ...order,
      arn: replayArn(order.name),
      state: "STARTING",
      startedAt: this.cloud.clock.now() / 1_000,
      endedAt: undefined,
      lastReplayed: undefined,
    };
    this.#byName.set(order.name, replay);
    // An event's time has no fraction of a second, so that the first second counts as a whole.
    const from = Math.floor(order.from);
    const events = archived.filter((event) => secondsOf(event) >= from && secondsOf(event) <= order.to);
    void this.cloud.activity.during("eventbridge replay", () => this.#run(replay, bus, events));
    return replay;
  }

  cancel(name: string): Replay {
    const replay = this.get(name);
    if (replay.state !== "STARTING" && replay.state !== "RUNNING") {
      throw new EventBridgeError(
        "IllegalStatusException",
        `Replay ${name} is not in a valid state for this operation.`,
      );
    }
    replay.state = "CANCELLING";
    return replay;
  }

  reset(): void {
    for (const replay of this.#byName.values()) replay.state = "CANCELLING";
    this.#byName.clear();
  }

  async #run(replay: Replay, bus: Bus, events: readonly EventEnvelope[]): Promise<void> {
    const only = replay.destination.FilterArns && new Set(replay.destination.FilterArns);
    await turn();
    if (replay.state === "STARTING") replay.state = "RUNNING";
    for (let at = 0; at < events.length && replay.state === "RUNNING"; at += perTurn) {
      for (const event of events.slice(at, at + perTurn)) {
        this.router.publish(bus, { ...event, "replay-name": replay.name }, only);
        replay.lastReplayed = secondsOf(event);
      }
      await turn();
    }
    replay.state = replay.state === "RUNNING" ? "COMPLETED" : "CANCELLED";
    replay.endedAt = this.cloud.clock.now() / 1_000;
  }
}
