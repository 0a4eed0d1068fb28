import type { Cancel } from "../cloud/clock";
import type { Cloud } from "../cloud/cloud";
import type { Completed, InvocationResult } from "./contract";
import { busAttributes, type Condition, destinationRecord } from "./destination";
import type { LambdaFunction } from "./function";
import { maxAgeSecondsByDefault, retriesByDefault } from "./invokeConfig";

export interface Asynchronous {
  /** Takes an event for a function, and returns at once. */
  accept: (
    target: LambdaFunction,
    payload: Buffer,
    event: { invoker: string; requestId?: string; traceId?: string | undefined },
  ) => void;
  /** Events that were accepted and are not yet done with. */
  waiting: () => number;
  reset: () => void;
}

interface Event {
  target: LambdaFunction;
  payload: Buffer;
  invoker: string;
  requestId: string;
  traceId: string | undefined;
  acceptedAt: number;
  runs: number;
  throttles: number;
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
export const createAsynchronous = (cloud: Cloud): Asynchronous => {
  const lanes = new Map<LambdaFunction, Lane>();
  const alive = new Set<Event>();
  const retries = new Map<Event, Cancel>();

  const send = async (event: Event, condition: Condition, last?: Completed): Promise<void> => {
    const { target, payload, requestId, runs } = event;
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
  };

  const later = (event: Event, ms: number): void => {
    const again = () => {
      retries.delete(event);
      enqueue(event);
    };
    retries.set(event, cloud.clock.after(ms, "work", again));
  };

  const judge = async (event: Event, result: InvocationResult): Promise<void> => {
    if (!alive.has(event)) return;
    if (result.kind === "throttled") return later(event, afterThrottle(++event.throttles));
    event.runs++;
    if (result.kind === "success") return end(event, "Success", result);
    const { retries: most = retriesByDefault } = event.target.invokeConfig ?? {};
    if (event.runs > most) return end(event, "RetriesExhausted", result);
    later(event, afterError(event.runs));
  };

  const attempt = async (event: Event): Promise<void> => {
    const { target, payload, invoker, requestId, traceId, acceptedAt } = event;
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
        // Only a function that is shut down cannot be tried: its events end with it.
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

  return {
    accept: (target, payload, { invoker, requestId = cloud.newId(), traceId }) => {
      const event = {
        target,
        payload,
        invoker,
        requestId,
        traceId,
        acceptedAt: cloud.clock.now(),
        runs: 0,
        throttles: 0,
      };
      alive.add(event);
      target.metrics.count("AsyncEventsReceived");
      enqueue(event);
    },
    waiting: () => alive.size,
    reset: () => {
      for (const cancel of retries.values()) cancel();
      retries.clear();
      alive.clear();
      for (const lane of lanes.values()) lane.queue.length = 0;
    },
  };
};
