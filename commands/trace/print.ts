import { table } from "../events/print";
import type { Step } from "./step";

const inUnits = (ms: number): string => {
  if (ms < 10_000) return `${Math.round(ms)} ms`;
  return ms < 600_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
};

const widest = 160;

const shortened = (text: string): string => (text.length > widest ? `${text.slice(0, widest - 1)}…` : text);

/** A line a step: how long after the first, how long it took, where, what. */
export const traceLines = (steps: readonly Step[]): string[] => {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last) return ["nothing bears this correlation id"];
  const count = (kind: Step["kind"]) => steps.filter((step) => step.kind === kind).length;
  const head = [
    `${count("event")} events, ${count("log")} log lines, ${count("workflow")} steps of workflows`,
    `${inUnits(last.at - first.at)} from ${new Date(first.at).toISOString()}`,
  ].join(", ");
  const rows = steps.map(({ at, durationMs, where, what, level }) => [
    `+${inUnits(at - first.at)}`,
    durationMs === undefined ? "" : inUnits(durationMs),
    where,
    level === "WARN" || level === "ERROR" ? level : "",
    shortened(what),
  ]);
  return [head, "", ...table([["at", "took", "where", "", "what"], ...rows])];
};
