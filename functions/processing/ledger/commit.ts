import { type TransactItem, transact } from "../aws/transact";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { createEvent } from "../events/create";
import type { EventDefinition, PayloadOf } from "../events/definition";
import { derivedId } from "../events/derivedId";
import type { FieldChange } from "../events/ledgerFields";
import { limits } from "../limits";
import { publishByPath } from "../outbox/publishByPath";
import { auditEntry, type Image, type PendingRow, pendingEvent, pendingRow } from "../outbox/record";
import { userOf } from "./keys";
import { keyOf, type RowChange } from "./row";

/** Who changes the ledger, and why. */
export interface Act {
  owner: string;
  /** The same again where the same request, or the same delivery, is repeated. */
  changeId: string;
  at: number;
  correlationId: string;
  causationId?: string | undefined;
}

/** What is told of a change: an event for the bus, or an entry that only the event store has. */
export interface Telling {
  put: (images: readonly Image[]) => TransactItem;
  pending?: PendingRow;
}

/** Rows that change together, and what is told of it. */
export interface Step {
  rows: readonly RowChange[];
  tells: readonly [Telling, ...Telling[]];
}

/** `part` tells apart the events of one type that one act brings about. */
export const tell = <D extends EventDefinition>(
  definition: D,
  payload: PayloadOf<D>,
  { owner, changeId, at, correlationId, causationId }: Act,
  part: string | number = 0,
): Telling => {
  const event = createEvent(definition, payload, {
    eventId: derivedId(definition.type, changeId, part),
    timestamp: at,
    userId: userOf(owner),
    correlationId,
    ...(causationId !== undefined && { causationId }),
  });
  return {
    put: (images) => pendingEvent(definition, event, images),
    pending: pendingRow(definition, event),
  };
};

/** A change of which nobody outside is told. */
export const record = (
  type: string,
  entity: string,
  fields: readonly FieldChange[],
  { owner, changeId, at, correlationId, causationId }: Act,
  part: string | number = 0,
): Telling => ({
  put: (images) =>
    auditEntry({
      id: derivedId(type, changeId, part),
      type,
      entity,
      fields: [...fields],
      images,
      at,
      by: "ledger",
      cause: { eventId: causationId ?? changeId, correlationId, userId: userOf(owner) },
    }),
});

const imageOf = ({ table, before, after }: RowChange): Image[] => {
  if (after) return [{ table: table.label, key: keyOf(table, after), version: after.version, after }];
  return before ? [{ table: table.label, key: keyOf(table, before), version: before.version + 1 }] : [];
};

const seen = { ConditionExpression: "version = :seen" };

const write = ({ table, before, after }: RowChange): TransactItem[] => {
  const TableName = env(table.variable);
  const condition = before && { ...seen, ExpressionAttributeValues: { ":seen": before.version } };
  if (after) {
    return [
      {
        Put: {
          TableName,
          Item: after,
          ...(condition ?? {
            ConditionExpression: "attribute_not_exists(#owner)",
            ExpressionAttributeNames: { "#owner": "owner" },
          }),
        },
      },
    ];
  }
  return before ? [{ Delete: { TableName, Key: keyOf(table, before), ...condition } }] : [];
};

const itemsOf = ({ rows, tells: [first, ...others] }: Step): TransactItem[] => [
  ...rows.flatMap(write),
  first.put(rows.flatMap(imageOf)),
  ...others.map((telling) => telling.put([])),
];

/** What a step takes of a transaction's bytes, or a little more: each row is written, and kept as an image. */
const bytesOf = (rows: readonly RowChange[]): number =>
  rows.reduce((sum, { after }) => sum + 2 * Buffer.byteLength(JSON.stringify(after ?? {})), 0);

/** What may go together into one transaction. */
export interface Room {
  actions: number;
  bytes: number;
}

/** For rows whose images all lie in one entry, an item of 400 KB, which is the hundredth action of its transaction. */
export const roomOfOneEntry: Room = { actions: limits.transactionItems - 1, bytes: 500 * 1024 };

/** Cuts what is to be done, in order, into parts that each fit the room. */
export const chunksOf = <S extends { rows: readonly RowChange[]; tells: readonly Telling[] }>(
  steps: readonly S[],
  room: Room,
): S[][] => {
  const chunks: S[][] = [];
  let left: Room = { actions: 0, bytes: 0 };
  for (const step of steps) {
    const needed: Room = { actions: step.rows.length + step.tells.length, bytes: bytesOf(step.rows) };
    const last = chunks.at(-1);
    if (last && needed.actions <= left.actions && needed.bytes <= left.bytes) last.push(step);
    else {
      chunks.push([step]);
      left = room;
    }
    left = { actions: left.actions - needed.actions, bytes: left.bytes - needed.bytes };
  }
  return chunks;
};

/**
 * Writes the rows, their images and what is told of them, or nothing of it; then puts the events on the bus. Throws a
 * conflict where one of the rows is no longer what was read.
 */
export const commit = async (steps: readonly Step[], run: Run, more: readonly TransactItem[] = []): Promise<void> => {
  await transact([...steps.flatMap(itemsOf), ...more], run);
  await publishNow(
    steps.flatMap(({ tells }) => tells.flatMap(({ pending }) => pending ?? [])),
    run,
  );
};

/** The change is made, whatever becomes of this: what stays pending is published by the sweeper. */
const publishNow = async (rows: readonly PendingRow[], run: Run): Promise<void> => {
  try {
    await publishByPath(rows, run);
  } catch (error) {
    run.log.warn("events stay pending until the next sweep", { eventIds: rows.map((row) => row.event_id), error });
  }
};
