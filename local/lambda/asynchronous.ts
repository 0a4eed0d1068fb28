import type { Cancel } from "../cloud/clock";
import type { Cloud } from "../cloud/cloud";
import type { Completed, InvocationResult } from "./contract";
import { busAttributes, type Condition, destinationRecord } from "./destination";
import type { LambdaFunction } from "./function";
import { maxAgeSecondsByDefault, retriesByDefault } from "./invokeConfig";
import type { KeptInvocations, Owed } from "./keptInvocations";

export interface Asynchronous {
  /** Takes an event for a function, and returns at once. */
  accept: (
    target: LambdaFunction,
    payload: Buffer,
    event: { invoker: string; requestId?: string; traceId?: string | undefined },
  ) => void;
  /** Takes up what an earlier process accepted and did not end. */
  resume: (targets: readonly LambdaFunction[]) => void;
  /** Events that were accepted and are not yet done with. */
  waiting: () => number;
  /** Forgets all events. */
  reset: () => void;
  /** Leaves all events to a later process, if they are kept. */
  stop: () => void;
}

interface Event {
  target: LambdaFunction;
  owed: Owed;
}

interface Lane {
  running: number;
  queue: Event[];
}

const minute = 60_000;
/** AWS would start hundreds of environments for a burst of events; on one machine they would only take turns. */
const atOnce = 10;

const afterError = (runs: number): number => (runs === 1 ? minute : 2 * minute);
const afterThrottle = (throttles: number): number => Math.min(5 * minute, 1_000 * 2 ** (throttles - 1));

/** Lambda's own queue: events run when there is room, are tried again after errors, and end at a destination. */
export const createAsynchronous = (cloud: Cloud, kept: KeptInvocations): Asynchronous => {
  const lanes = new Map<LambdaFunction, Lane>();
  const alive = new Set<Event>();
  const retries = new Map<Event, Cancel>();

  const send = async ({ target, owed }: Event, condition: Condition, last?: Completed): Promise<void> => {
    const { payload, requestId, runs } = owed;
    const to = condition === "Success" ? target.invokeConfig?.onSuccess : target.invokeConfig?.onFailure;
    if (to === undefined) return;
    const ended = { condition, requestId, functionArn: target.arn, runs, payload, last };
    const attributes = busAttributes(to, ended);
    try {
      const body = destinationRecord(cloud.clock.now(), ended);
      await cloud.deliver({ to, body, from: target.role, ...(attributes && { attributes }) });
    } catch {
      target.metrics.count("DestinationDeliveryFailures");
    }
  };

  const end = async (event: Event, condition: Condition, last?: Completed): Promise<void> => {
    alive.delete(event);
    if (condition !== "Success") event.target.metrics.count("AsyncEventsDropped");
    await send(event, condition, last);
    kept.end(event.owed);
  };

  const later = (event: Event): void => {
    const again = () => {
      retries.delete(event);
      enqueue(event);
    };
    retries.set(event, cloud.clock.at(event.owed.dueAt, "work", again));
  };

  const postpone = (event: Event, ms: number): void => {
    event.owed.dueAt = cloud.clock.now() + ms;
    kept.postpone(event.owed);
    later(event);
  };

  const judge = async (event: Event, result: InvocationResult): Promise<void> => {
    if (!alive.has(event)) return;
    const { owed, target } = event;
    if (result.kind === "throttled") return postpone(event, afterThrottle(++owed.throttles));
    owed.runs++;
    if (result.kind === "success") return end(event, "Success", result);
    const { retries: most = retriesByDefault } = target.invokeConfig ?? {};
    if (owed.runs > most) return end(event, "RetriesExhausted", result);
    postpone(event, afterError(owed.runs));
  };

  const attempt = async (event: Event): Promise<void> => {
    const { target } = event;
    const { payload, invoker, requestId, traceId, acceptedAt } = event.owed;
    const { maxAgeSeconds = maxAgeSecondsByDefault } = target.invokeConfig ?? {};
    if (cloud.clock.now() - acceptedAt > maxAgeSeconds * 1_000) return end(event, "EventAgeExceeded");
    await judge(event, await target.invoke(payload, { invoker, requestId, traceId }));
  };

  const laneOf = (target: LambdaFunction): Lane => {
    const lane = lanes.get(target) ?? { running: 0, queue: [] };
    lanes.set(target, lane);
    return lane;
  };

  const fill = (lane: Lane): void => {
    while (lane.running < atOnce) {
      const event = lane.queue.shift();
      if (!event) return;
      lane.running++;
      const done = cloud.activity.begin("asynchronous invocation");
      attempt(event)
        // Only a function that is shut down cannot be tried: its events are a later process's, if they are kept.
        .catch(() => alive.delete(event))
        .finally(() => {
          lane.running--;
          fill(lane);
          done();
        });
    }
  };

  const enqueue = (event: Event): void => {
    const lane = laneOf(event.target);
    lane.queue.push(event);
    fill(lane);
  };

  const stop = (): void => {
    for (const cancel of retries.values()) cancel();
    retries.clear();
    alive.clear();
    for (const lane of lanes.values()) lane.queue.length = 0;
  };

  return {
    accept: (target, payload, { invoker, requestId = cloud.newId(), traceId }) => {
      const functionName = target.settings.name;
      const acceptedAt = cloud.clock.now();
      const about = { requestId, functionName, payload, invoker, traceId, acceptedAt };
      const event = { target, owed: { ...about, runs: 0, throttles: 0, dueAt: acceptedAt } };
      kept.accept(event.owed);
      alive.add(event);
      target.metrics.count("AsyncEventsReceived");
      enqueue(event);
    },
    resume: (targets) => {
      for (const target of targets) {
        for (const owed of kept.takeLeft(target.settings.name)) {
          const event = { target, owed };
          alive.add(event);
          if (owed.dueAt > cloud.clock.now()) later(event);
          else enqueue(event);
        }
      }
      kept.dropLeft(cloud.clock.now() - maxAgeSecondsByDefault * 1_000);
    },
    waiting: () => alive.size,
    reset: () => {
      stop();
      kept.clear();
    },
    stop,
  };
};
