import type { LogEvent } from "../logs";
import { invalid } from "../refused";

type Place = Pick<LogEvent, "timestamp" | "sequence">;

export interface StreamPage {
  events: readonly LogEvent[];
  forward: string;
  backward: string;
}

const token = (direction: "f" | "b", { timestamp, sequence }: Place): string => `${direction}/${timestamp}/${sequence}`;

const read = (given: string): { direction: string; place: Place } => {
  const [, direction, timestamp, sequence] = /^([fb])\/(\d+)\/(\d+)$/.exec(given) ?? [];
  if (direction === undefined) throw invalid("The specified nextToken is invalid.");
  return { direction, place: { timestamp: Number(timestamp), sequence: Number(sequence) } };
};

const order = (one: Place, other: Place): number => one.timestamp - other.timestamp || one.sequence - other.sequence;

/**
 * A page of a stream's events. There are always tokens for both directions: a page without events gives the place
 * again that was asked for, which is how a reader knows the end.
 */
export const streamPage = (
  all: readonly LogEvent[],
  { size, fromHead, nextToken }: { size: number; fromHead: boolean; nextToken: string | undefined },
): StreamPage => {
  const asked = nextToken === undefined ? undefined : read(nextToken);
  const ahead = asked ? asked.direction === "f" : fromHead;
  const left = asked ? all.filter((event) => order(event, asked.place) * (ahead ? 1 : -1) > 0) : all;
  const events = ahead ? left.slice(0, size) : left.slice(-size);
  const here = asked?.place ?? { timestamp: 0, sequence: 0 };
  return { events, forward: token("f", events.at(-1) ?? here), backward: token("b", events[0] ?? here) };
};
