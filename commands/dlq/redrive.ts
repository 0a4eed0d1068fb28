import { inBatches } from "../../functions/processing/batch";
import { deliveryOf } from "../../functions/processing/deadLetters/delivery";
import type { DeadLetterRow } from "../../functions/processing/deadLetters/row";
import type { Desk } from "./desk";
import { changed, ending, isBeingRedriven, nobodyAtIt, standing } from "./end";
import { contentsOf, letter } from "./letters";
import { receiverOf, send } from "./send";

/** What became of one letter. */
export interface Told {
  letterId: string;
  origin: string;
  did: "redriven" | "would be redriven" | "discarded" | "left alone" | "failed";
  why: string;
}

export interface RedriveOptions {
  /** Says what would be done, and does nothing. */
  dryRun?: boolean;
  /** Also what was redriven or discarded before. */
  again?: boolean;
}

const atOnce = 10;
/** Longer than a sending takes: who is cut off in the middle leaves the letter to the next. */
const leaseMs = 60_000;

const claim = (desk: Desk, { letter_id }: DeadLetterRow, owner: string, again: boolean): Promise<boolean> =>
  changed(desk, letter_id, {
    UpdateExpression: "SET redrive_owner = :owner, redrive_until = :until ADD version :one",
    ConditionExpression: again
      ? `attribute_exists(letter_id) AND ${nobodyAtIt}`
      : `#status = :waiting AND ${nobodyAtIt}`,
    ...(!again && { ExpressionAttributeNames: { "#status": "status" } }),
    ExpressionAttributeValues: {
      ":owner": owner,
      ":until": desk.now() + leaseMs,
      ":now": desk.now(),
      ":one": 1,
      ...(!again && { ":waiting": "waiting" }),
    },
  });

/** False where the letter has died once more before this could be written down: it waits again. */
const markRedriven = (desk: Desk, { letter_id }: DeadLetterRow, owner: string): Promise<boolean> =>
  changed(desk, letter_id, {
    UpdateExpression:
      "SET #status = :redriven, ended_at = :at, ended_by = :who, expires_at = :expiry REMOVE redrive_owner, redrive_until, note ADD redrives :one, version :one",
    ConditionExpression: "redrive_owner = :owner",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: { ":redriven": "redriven", ":owner": owner, ":one": 1, ...ending(desk) },
  });

const giveBack = (desk: Desk, { letter_id }: DeadLetterRow, owner: string): Promise<boolean> =>
  changed(desk, letter_id, {
    UpdateExpression: "REMOVE redrive_owner, redrive_until ADD version :one",
    ConditionExpression: "redrive_owner = :owner",
    ExpressionAttributeValues: { ":owner": owner, ":one": 1 },
  });

const redriveClaimed = async (
  desk: Desk,
  row: DeadLetterRow,
  owner: string,
): Promise<Omit<Told, "letterId" | "origin">> => {
  try {
    const { body, attributes } = await contentsOf(desk, row);
    const delivery = deliveryOf(row, body, attributes);
    if (!delivery) throw new Error("it holds nothing that the function could be invoked with");
    await send(desk, delivery);
  } catch (error) {
    await giveBack(desk, row, owner);
    return { did: "failed", why: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
  const receiver = receiverOf(row.source);
  return (await markRedriven(desk, row, owner))
    ? { did: "redriven", why: `sent to ${receiver}` }
    : { did: "redriven", why: `sent to ${receiver}, and died again since: it waits once more` };
};

/** Sends one letter where it failed. Of several who try at once, one sends it; the receivers have their effect once anyway. */
export const redriveLetter = async (
  desk: Desk,
  row: DeadLetterRow,
  { dryRun = false, again = false }: RedriveOptions = {},
): Promise<Told> => {
  const { letter_id: letterId, origin } = row;
  if (dryRun) {
    const possible = (again || row.status === "waiting") && !isBeingRedriven(row, desk.now());
    return possible
      ? { letterId, origin, did: "would be redriven", why: `to ${receiverOf(row.source)}` }
      : { letterId, origin, did: "left alone", why: standing(row, desk.now()) };
  }
  const owner = desk.newId();
  if (await claim(desk, row, owner, again)) return { letterId, origin, ...(await redriveClaimed(desk, row, owner)) };
  return { letterId, origin, did: "left alone", why: standing(await letter(desk, letterId), desk.now()) };
};

/** Redrives these letters, some at a time, and tells of each in their order. */
export const redriveLetters = async (
  desk: Desk,
  rows: readonly DeadLetterRow[],
  options: RedriveOptions = {},
): Promise<Told[]> => {
  const told = new Map<string, Told>();
  const { errors } = await inBatches(
    rows,
    atOnce,
    async (row) => told.set(row.letter_id, await redriveLetter(desk, row, options)),
    ({ letter_id }) => letter_id,
  );
  for (const { id, error } of errors) {
    const origin = rows.find(({ letter_id }) => letter_id === id)?.origin ?? "";
    told.set(id, { letterId: id, origin, did: "failed", why: error.message });
  }
  return rows.flatMap(({ letter_id }) => told.get(letter_id) ?? []);
};
