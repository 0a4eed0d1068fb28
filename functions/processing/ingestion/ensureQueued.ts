import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import type { dataIngestionNeeded } from "../events/dataIngestionNeeded";
import type { PlatformEvent } from "../events/definition";
import { takeUp } from "../pollination/takeUp";
import { readState } from "../state/store";
import type { Job } from "../work/job";
import { ingestionQueue } from "../work/names";
import { readJob } from "../work/queue";

export type DataIngestionNeeded = PlatformEvent<typeof dataIngestionNeeded>;

/**
 * Makes sure that what an event asks for is queued, or has been. Our own events come with their job; one of another
 * team may come bare. A request that is older than the last one for the same data adds nothing. Gives the job back as it
 * was found.
 */
export const ensureQueued = async (event: DataIngestionNeeded, run: Run): Promise<Job | undefined> => {
  const { assetId, dataType, priority } = event.payload;
  const job = await readJob({ queue: ingestionQueue, assetId, task: dataType }, run);
  if (job?.queue !== undefined || job?.event_id === event.eventId) return job;
  await overtaken(run, async () => {
    const state = await readState(assetId, run);
    const { requested_at, stored_at } = state?.types[dataType] ?? {};
    const known = Math.max(...[requested_at, stored_at].map((at) => (at === undefined ? 0 : Date.parse(at))));
    if (known >= event.timestamp) return;
    const bells = [{ type: dataType, eventId: event.eventId }];
    await takeUp({ assetId, priority, bells, events: [], by: "ingestion", cause: event }, state, run);
  });
  return readJob({ queue: ingestionQueue, assetId, task: dataType }, run);
};
