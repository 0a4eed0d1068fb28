import { sendTogether } from "../aws/sendTogether";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { envelopeOf } from "../eventStore/envelope";
import { isShadowed, type Path } from "./path";
import type { PendingRow } from "./record";

export interface Sent {
  row: PendingRow;
  paths: readonly Path[];
}

/**
 * Sends events by the direct path. A queue keeps them until they are handled. The message itself says whether it is to have
 * its effect: by then the settings may be others. Answers the ids that got through.
 */
export const trigger = async (events: readonly Sent[], run: Run): Promise<string[]> => {
  const ends = await Promise.all(
    events.map(async ({ row, paths }) => {
      const body = envelopeOf(row, { shadow: isShadowed(paths) });
      try {
        await sendTogether(env("DIRECT_TRIGGERS_QUEUE_URL"), { body }, run);
        return [row.event_id];
      } catch (error) {
        run.log.error("a direct trigger was not sent", { eventId: row.event_id, error });
        return [];
      }
    }),
  );
  return ends.flat();
};
