/** Something that happened, at its place in the story. */
export interface Step {
  /** Epoch milliseconds. */
  at: number;
  kind: "event" | "log" | "workflow";
  /** A function, the bus or a workflow. */
  where: string;
  what: string;
  level?: string;
  /** How long it took, up to this moment. */
  durationMs?: number;
  correlationId?: string;
  eventId?: string;
  causationId?: string;
  /** Whatever else is known of it. */
  more: Record<string, unknown>;
}

const rank: Record<Step["kind"], number> = { event: 0, workflow: 1, log: 2 };

/** By time; within a millisecond what was stored comes before what was said of it. */
export const inOrder = (steps: readonly Step[]): Step[] =>
  [...steps].sort((one, other) => one.at - other.at || rank[one.kind] - rank[other.kind]);
