import * as v from "valibot";
import { readMany } from "../../aws/readMany";
import { inBatches, throwIfFailed } from "../../batch";
import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { limits } from "../../limits";
import type { StreamEvent } from "../event";
import { type AssignmentRow, assignmentRow, type ExperimentRow, experimentRow } from "../experiment";
import { Remembered } from "./remembered";

/** An event with what the tables know about it. What they do not know is left out, and the event counts all the same. */
export interface EnrichedEvent {
  event: StreamEvent;
  /** The producer's word; else the assignment's; else `unassigned`. */
  variant: string;
  experiment?: { name: string; status: string };
  assignment?: {
    variant: string;
    assignedAt: number;
    /** Negative where the event happened before. */
    sinceMs: number;
    /** Whether the user was shown what he was assigned; unknown where the event does not say what that was. */
    kept?: boolean;
  };
}

export const unassigned = "unassigned";

const minuteMs = 60_000;
const readsAtATime = 8;
const absentMs = 5_000;

/** What a process remembers of the tables. */
export interface Known {
  experiments: Remembered<ExperimentRow>;
  assignments: Remembered<AssignmentRow>;
}

export const makeKnown = (): Known => ({
  experiments: new Remembered(minuteMs, absentMs, 1_000),
  assignments: new Remembered(minuteMs, absentMs, 20_000),
});

const assignmentKey = (userId: string, experimentId: string): string => `${experimentId}#${userId}`;

/** A row that somebody else wrote in a form of his own says nothing, and stops nothing. */
const understood = <Row>(schema: v.GenericSchema<unknown, Row>, rows: readonly unknown[]): Row[] =>
  rows.flatMap((row) => {
    const result = v.safeParse(schema, row);
    return result.success ? [result.output] : [];
  });

const readExperiments = async (ids: readonly string[], run: Run): Promise<Map<string, ExperimentRow>> => {
  const keys = ids.map((experiment_id) => ({ experiment_id }));
  const rows = await readMany(env("EXPERIMENTS_TABLE"), keys, Object.keys(experimentRow.entries), run);
  return new Map(understood(experimentRow, rows).map((row) => [row.experiment_id, row]));
};

const readAssignments = async (keys: readonly string[], run: Run): Promise<Map<string, AssignmentRow>> => {
  const rowKeys = keys.map((key) => {
    const cut = key.indexOf("#");
    return { user_id: key.slice(cut + 1), experiment_id: key.slice(0, cut) };
  });
  const parts = Array.from({ length: Math.ceil(rowKeys.length / limits.batchGetItems) }, (_, at) =>
    rowKeys.slice(at * limits.batchGetItems, (at + 1) * limits.batchGetItems),
  );
  const rows: unknown[] = [];
  const read = await inBatches(parts, readsAtATime, async (part) => {
    rows.push(...(await readMany(env("ASSIGNMENTS_TABLE"), part, Object.keys(assignmentRow.entries), run)));
  });
  throwIfFailed(read, "readings of assignments");
  return new Map(understood(assignmentRow, rows).map((row) => [assignmentKey(row.user_id, row.experiment_id), row]));
};

export const enrichOne = (
  event: StreamEvent,
  experiment: ExperimentRow | undefined,
  assigned: AssignmentRow | undefined,
): EnrichedEvent => ({
  event,
  variant: event.variant ?? assigned?.variant ?? unassigned,
  ...(experiment && { experiment: { name: experiment.name, status: experiment.status } }),
  ...(assigned && {
    assignment: {
      variant: assigned.variant,
      assignedAt: assigned.assigned_at,
      sinceMs: event.timestamp - assigned.assigned_at,
      ...(event.variant !== undefined && { kept: event.variant === assigned.variant }),
    },
  }),
});

/** Throws where the tables cannot be read: what is not known and what could not be read are different things. */
export const enrich = async (events: readonly StreamEvent[], known: Known, run: Run): Promise<EnrichedEvent[]> => {
  const now = run.now();
  const keys = events.map(({ userId, experimentId }) => assignmentKey(userId, experimentId));
  const [experiments, assignments] = await Promise.all([
    known.experiments.get(
      events.map(({ experimentId }) => experimentId),
      now,
      (missing) => readExperiments(missing, run),
    ),
    known.assignments.get(keys, now, (missing) => readAssignments(missing, run)),
  ]);
  return events.map((event, at) =>
    enrichOne(event, experiments.get(event.experimentId), assignments.get(keys[at] ?? "")),
  );
};

export const readExperiment = async (id: string, known: Known, run: Run): Promise<ExperimentRow | undefined> =>
  (await known.experiments.get([id], run.now(), (missing) => readExperiments(missing, run))).get(id);
