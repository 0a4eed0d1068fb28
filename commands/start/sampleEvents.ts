import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Signal9Outputs } from "../../infra/outputs";
import type { Clients } from "./clients";
import { readDeadLetters } from "./deadLetters";

/** How an event ended, with the evidence: a log line of the function, or a dead letter. */
export interface End {
  event: string;
  eventId: string;
  ended: string;
  why: string;
}

export interface SampleEvents {
  ends: End[];
  counts: Record<string, number>;
  /** Events of which nothing was found any more. There must be none. */
  lost: string[];
  /** Events that were found in more than one place. There must be none. */
  doubled: string[];
}

const moment = (iso: string): number => Date.parse(iso);

/** What the calendar expects. IBM's entry was reopened after its event was sent. */
const calendar = [
  { asset: "AAPL", day: "2026-10-29", known: moment("2026-10-01T00:00:00Z") },
  { asset: "MSFT", day: "2026-10-28", known: moment("2026-10-01T00:00:00Z") },
  { asset: "GOOG", day: "2026-10-27", known: moment("2026-10-01T00:00:00Z") },
  { asset: "IBM", day: "2026-10-21", known: moment("2026-11-01T00:00:00Z") },
];

const told = moment("2026-10-30T06:00:00Z");
const full = (assetId: string, earningsDate: string) => ({ timestamp: told, assetId, earningsDate });

interface Sample {
  name: string;
  /** Events of one number are one event; without a number it comes bare, and EventBridge gives it an id. */
  number?: number;
  detail: Record<string, unknown>;
}

/** One of each kind of event that can arrive. */
const samples: Sample[] = [
  { name: "Apple reported", number: 1, detail: full("AAPL", "2026-10-29") },
  { name: "the same event again", number: 1, detail: full("AAPL", "2026-10-29") },
  { name: "Microsoft reported", number: 2, detail: full("MSFT", "2026-10-28") },
  { name: "Microsoft, told by another event", number: 3, detail: full("MSFT", "2026-10-28") },
  { name: "Alphabet, from a team without our metadata", detail: { assetId: "GOOG", earningsDate: "2026-10-27" } },
  { name: "IBM, older than what is known", number: 4, detail: full("IBM", "2026-10-21") },
  { name: "a day that is none", number: 5, detail: full("AAPL", "soon") },
  { name: "no company", number: 6, detail: { earningsDate: "2026-10-29" } },
  { name: "a company that the calendar lacks", number: 7, detail: full("ZZZZ", "2026-10-29") },
  { name: "a version from the future", number: 8, detail: { ...full("AAPL", "2026-10-29"), eventVersion: "2.0" } },
];

const prepare = ({ dynamodb }: Clients, table: string): Promise<unknown> =>
  Promise.all(
    calendar.map(({ asset, day, known }) =>
      dynamodb.send(
        new PutCommand({
          TableName: table,
          Item: { asset_id: `ASSET#${asset}`, earnings_date: day, status: "scheduled", version: 1, source_time: known },
        }),
      ),
    ),
  );

/** Puts the events on the bus; gives the ids under which their traces will be found. */
const send = async ({ eventBridge }: Clients, bus: string, run: string): Promise<string[]> => {
  const ids = samples.map(({ number }) => (number === undefined ? undefined : `demonstration-${run}-${number}`));
  const { Entries = [] } = await eventBridge.send(
    new PutEventsCommand({
      Entries: samples.map(({ detail }, at) => ({
        EventBusName: bus,
        Source: "signal9.advisor",
        DetailType: "earningsProcessed",
        Detail: JSON.stringify({ ...(ids[at] !== undefined && { eventId: ids[at] }), ...detail }),
      })),
    }),
  );
  return ids.map((id, at) => id ?? Entries[at]?.EventId ?? "");
};

interface Evidence {
  eventId: string;
  ended: string;
  why: string;
}

const meanings: Record<string, string> = {
  processed: "entry closed, change recorded",
  duplicate: "closed already, nothing written",
  stale: "the calendar knows something newer, nothing written",
};

const fromLogs = async ({ logs }: Clients, group: string): Promise<Evidence[]> => {
  const { events: lines = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: group, filterPattern: '{ $.message = "handled" }' }),
  );
  return lines.map(({ message = "{}" }) => {
    const { eventId = "", outcome = "" } = JSON.parse(message) as { eventId?: string; outcome?: string };
    return { eventId, ended: outcome, why: meanings[outcome] ?? "" };
  });
};

const fromDeadLetters = async (clients: Clients, outputs: Signal9Outputs): Promise<Evidence[]> =>
  (await readDeadLetters(clients, outputs)).map(({ body, reason, category }) => {
    const { id = "", detail = {} } = JSON.parse(body) as { id?: string; detail?: { eventId?: string } };
    return { eventId: detail.eventId ?? id, ended: "dead letter", why: `${category}: ${reason}` };
  });

/** Sends one event of each kind and finds where each ended. `run` tells this sending from others before it. */
export const sendSamples = async (
  clients: Clients,
  outputs: Signal9Outputs,
  settle: () => Promise<void>,
  run: string,
): Promise<SampleEvents> => {
  await prepare(clients, outputs.tables.earningsCalendar.name);
  const ids = await send(clients, outputs.bus.name, run);
  await settle();
  const group = `/aws/lambda/${outputs.bus.name.replace(/events$/, "mark-earnings-processed")}`;
  const found = [...(await fromLogs(clients, group)), ...(await fromDeadLetters(clients, outputs))];
  const evidence = found.filter(({ eventId }) => ids.includes(eventId));
  const ends: End[] = [];
  const lost: string[] = [];
  for (const [index, { name }] of samples.entries()) {
    const eventId = ids[index] ?? "";
    // The same id may have been sent twice: each sending takes one piece of evidence.
    const at = evidence.findIndex((one) => one.eventId === eventId);
    const [proof] = at < 0 ? [] : evidence.splice(at, 1);
    if (proof) ends.push({ event: name, ...proof });
    else lost.push(name);
  }
  const counts: Record<string, number> = {};
  for (const { ended } of ends) counts[ended] = (counts[ended] ?? 0) + 1;
  return { ends, counts, lost, doubled: evidence.map(({ eventId }) => eventId) };
};
