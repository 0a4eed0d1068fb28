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

export interface Demonstration {
  ends: End[];
  counts: Record<string, number>;
  /** Events of which nothing was found any more. There must be none. */
  lost: string[];
  /** Events that were found in more than one place. There must be none. */
  doubled: string[];
}

const at = (iso: string): number => Date.parse(iso);

/** What the calendar expects. IBM's entry was reopened after its event was sent. */
const calendar = [
  { asset: "AAPL", day: "2026-10-29", known: at("2026-10-01T00:00:00Z") },
  { asset: "MSFT", day: "2026-10-28", known: at("2026-10-01T00:00:00Z") },
  { asset: "GOOG", day: "2026-10-27", known: at("2026-10-01T00:00:00Z") },
  { asset: "IBM", day: "2026-10-21", known: at("2026-11-01T00:00:00Z") },
];

const told = at("2026-10-30T06:00:00Z");
const full = (eventId: string, assetId: string, earningsDate: string) => ({
  eventId,
  timestamp: told,
  assetId,
  earningsDate,
});

/** One of each kind of event that can arrive. */
const events: { name: string; eventId?: string; detail: Record<string, unknown> }[] = [
  { name: "Apple reported", eventId: "demo-1", detail: full("demo-1", "AAPL", "2026-10-29") },
  { name: "the same event again", eventId: "demo-1", detail: full("demo-1", "AAPL", "2026-10-29") },
  { name: "Microsoft reported", eventId: "demo-2", detail: full("demo-2", "MSFT", "2026-10-28") },
  { name: "Microsoft, told by another event", eventId: "demo-3", detail: full("demo-3", "MSFT", "2026-10-28") },
  { name: "Alphabet, from a team without our metadata", detail: { assetId: "GOOG", earningsDate: "2026-10-27" } },
  { name: "IBM, older than what is known", eventId: "demo-4", detail: full("demo-4", "IBM", "2026-10-21") },
  { name: "a day that is none", eventId: "demo-5", detail: full("demo-5", "AAPL", "soon") },
  { name: "no company", eventId: "demo-6", detail: { eventId: "demo-6", earningsDate: "2026-10-29" } },
  { name: "a company that the calendar lacks", eventId: "demo-7", detail: full("demo-7", "ZZZZ", "2026-10-29") },
  {
    name: "a version from the future",
    eventId: "demo-8",
    detail: { ...full("demo-8", "AAPL", "2026-10-29"), eventVersion: "2.0" },
  },
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
const send = async ({ eventBridge }: Clients, bus: string): Promise<string[]> => {
  const { Entries = [] } = await eventBridge.send(
    new PutEventsCommand({
      Entries: events.map(({ detail }) => ({
        EventBusName: bus,
        Source: "signal9.advisor",
        DetailType: "earningsProcessed",
        Detail: JSON.stringify(detail),
      })),
    }),
  );
  return events.map(({ eventId }, index) => eventId ?? Entries[index]?.EventId ?? "");
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

/** Sends one event of each kind and shows where each ended. */
export const demonstrate = async (
  clients: Clients,
  outputs: Signal9Outputs,
  settle: () => Promise<void>,
): Promise<Demonstration> => {
  await prepare(clients, outputs.tables.earningsCalendar.name);
  const ids = await send(clients, outputs.bus.name);
  await settle();
  const group = `/aws/lambda/${outputs.bus.name.replace(/events$/, "mark-earnings-processed")}`;
  const evidence = [...(await fromLogs(clients, group)), ...(await fromDeadLetters(clients, outputs))];
  const ends: End[] = [];
  const lost: string[] = [];
  for (const [index, { name }] of events.entries()) {
    const eventId = ids[index] ?? "";
    // The same id may have been sent twice: each sending takes one piece of evidence.
    const found = evidence.findIndex((one) => one.eventId === eventId);
    const [proof] = found < 0 ? [] : evidence.splice(found, 1);
    if (proof) ends.push({ event: name, ...proof });
    else lost.push(name);
  }
  const counts: Record<string, number> = {};
  for (const { ended } of ends) counts[ended] = (counts[ended] ?? 0) + 1;
  return { ends, counts, lost, doubled: evidence.map(({ eventId }) => eventId) };
};
