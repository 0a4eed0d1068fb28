import type { Run } from "../consume/run";
import { readDecision } from "../notices/store";
import type { Compared, Finding } from "./finding";
import type { Kept } from "./rehearsal";

const consumer = "ledger-notification";

/** What was told, or held back. Which of an hour's messages is held back depends on their order, and is not compared. */
export const compareMessage = async (
  { owner, eventId }: Compared,
  { said: expected }: Kept,
  run: Run,
): Promise<Finding[]> => {
  const decision = await readDecision(owner, eventId, run);
  if (expected === undefined) return [{ consumer, difference: "missing_direct", told: "no message was composed" }];
  if (expected === "unwanted") {
    return decision ? [{ consumer, difference: "different", told: "a message that nobody wants was told" }] : [];
  }
  if (!decision) return [{ consumer, difference: "missing_events", told: "nothing was decided of the message" }];
  const { digest, accountVersion } = decision.said;
  // Another name of the account makes another message.
  if (accountVersion !== expected.accountVersion || digest === expected.digest) return [];
  return [{ consumer, difference: "different", told: "the messages have other words" }];
};
