import type { DeadLetterRow } from "../../functions/processing/deadLetters/row";
import type { Desk } from "./desk";
import { changed, ending, nobodyAtIt, standing } from "./end";
import { letter } from "./letters";
import type { Told } from "./redrive";

/** Ends a letter of which nothing is wanted any more. It stays to be looked at, and can still be redriven again. */
export const discardLetter = async (desk: Desk, row: DeadLetterRow, reason: string | undefined): Promise<Told> => {
  const { letter_id: letterId, origin } = row;
  const done = await changed(desk, letterId, {
    UpdateExpression: `SET #status = :discarded, ended_at = :at, ended_by = :who, expires_at = :expiry${reason === undefined ? "" : ", note = :reason"} REMOVE redrive_owner, redrive_until ADD version :one`,
    ConditionExpression: `#status = :waiting AND ${nobodyAtIt}`,
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: {
      ":discarded": "discarded",
      ":waiting": "waiting",
      ":now": desk.now(),
      ":one": 1,
      ...ending(desk),
      ...(reason !== undefined && { ":reason": reason }),
    },
  });
  return done
    ? { letterId, origin, did: "discarded", why: reason ?? "no reason given" }
    : { letterId, origin, did: "left alone", why: standing(await letter(desk, letterId), desk.now()) };
};
