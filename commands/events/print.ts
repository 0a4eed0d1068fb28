import type { Plan } from "../../functions/processing/eventStore/replay";
import type { StoredEvent } from "../../functions/processing/eventStore/storedEvent";
import type { Branch } from "../../functions/processing/eventStore/tree";
import { visible } from "../visible";

export const table = (cells: readonly (readonly string[])[]): string[] => {
  const rows = cells.map((row) => row.map(visible));
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
};

export const listLines = (events: readonly StoredEvent[]): string[] =>
  table(
    events.map(({ occurred_at, event_type, entity = "", status, user_id = "", event_id }) => [
      occurred_at,
      event_type,
      entity,
      status,
      event_id,
      user_id && `by ${user_id}`,
    ]),
  );

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** An event with its detail as what it says, not as the text that it is stored as. */
export const readable = ({ detail, ...event }: StoredEvent): Record<string, unknown> => ({
  ...event,
  ...(detail !== undefined && { detail: parsed(detail) }),
});

/** The same, with all that followed. */
export const readableBranch = ({ event, children }: Branch): Record<string, unknown> => ({
  ...readable(event),
  children: children.map(readableBranch),
});

/** What happened, and what of it changed. */
export const whatHappened = ({ event_type, changes = [] }: StoredEvent): string =>
  changes.length > 0 ? `${event_type} (${changes.map(({ field }) => field).join(", ")})` : event_type;

const inTree = (event: StoredEvent): string =>
  [whatHappened(event), ...(event.entity === undefined ? [] : [event.entity]), event.occurred_at, event.event_id].join(
    "  ",
  );

const idsIn = ({ event, children }: Branch): string[] => [event.event_id, ...children.flatMap(idsIn)];

/** Effects below their cause; the event that was asked about is pointed at. */
export const treeLines = (branches: readonly Branch[], asked?: string, say = inTree): string[] => {
  const lines: string[] = [];
  const draw = ({ event, children }: Branch, own: string, below: string): void => {
    lines.push(`${own}${visible(say(event))}${event.event_id === asked ? "  <--" : ""}`);
    for (const [at, child] of children.entries()) {
      const last = at === children.length - 1;
      draw(child, `${below}${last ? "└─ " : "├─ "}`, `${below}${last ? "   " : "│  "}`);
    }
  };
  const known = new Set(branches.flatMap(idsIn));
  for (const branch of branches) {
    const { causation_id: cause } = branch.event;
    // What is no event of the store, such as a run of a schedule, has a line all the same.
    if (cause === undefined || known.has(cause)) draw(branch, "", "");
    else {
      lines.push(`${visible(cause)} (no event: a request, or a run)`);
      draw(branch, "└─ ", "   ");
    }
  }
  return lines;
};

const counted = (counts: Record<string, number>): string[] =>
  table(
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([what, count]) => [`  ${String(count).padStart(6)}`, what]),
  );

export const planLines = ({ events, byType, leftOut, first, last }: Plan, destination: string): string[] => [
  `${events} ${events === 1 ? "event" : "events"} to ${destination}${first && last ? `, from ${first} to ${last}` : ""}`,
  ...counted(byType),
  ...(Object.keys(leftOut).length > 0 ? ["left out:", ...counted(leftOut)] : []),
];
