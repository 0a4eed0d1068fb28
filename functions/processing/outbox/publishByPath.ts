import { askingEvents } from "../analytics/plan";
import { categorizedAfter } from "../categorization/heard";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { ledgerSource } from "../events/ledgerFields";
import { toldEvents } from "../notices/kind";
import type { Path } from "./path";
import { type Published, publishIn, put, type Through } from "./publish";
import type { PendingRow } from "./record";
import { type Sent, trigger } from "./trigger";

const directTypes = new Set<string>([...askingEvents, ...categorizedAfter, ...toldEvents].map(({ type }) => type));

const isOn = (value: string): boolean => value === "true";

/** The paths that the settings give an event now. Only what the ledger tells has a path besides the bus. */
const pathsOf = ({ source, event_type }: PendingRow): Path[] => {
  if (source !== ledgerSource) return ["bus"];
  return [
    ...(isOn(env("ENABLE_EVENT_PUBLISHING")) ? (["bus"] as const) : []),
    ...(isOn(env("ENABLE_DIRECT_TRIGGERS")) && directTypes.has(event_type) ? (["direct"] as const) : []),
  ];
};

/** Those of a batch that every path took that the settings give them. */
const send = async (batch: readonly PendingRow[], run: Run): Promise<Through[]> => {
  const sent = batch.map((row): Sent => ({ row, paths: pathsOf(row) }));
  const by = (path: Path) => sent.filter(({ paths }) => paths.includes(path));
  const took: Record<Path, Set<string>> = {
    bus: new Set(
      await put(
        by("bus").map(({ row }) => row),
        run,
      ),
    ),
    direct: new Set(await trigger(by("direct"), run)),
  };
  return sent.flatMap(({ row: { event_id: eventId }, paths }) =>
    paths.every((path) => took[path].has(eventId)) ? [{ eventId, paths }] : [],
  );
};

/** As publish, by the paths of the settings: a row is marked once all of them took it. */
export const publishByPath = (rows: readonly PendingRow[], run: Run): Promise<Published> => publishIn(rows, run, send);
