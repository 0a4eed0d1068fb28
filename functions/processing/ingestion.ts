import { consume } from "./consume/consume";
import { inTurn } from "./consume/inTurn";
import type { Outcome } from "./consume/outcome";
import { dataIngestionNeeded } from "./events/dataIngestionNeeded";
import type { DataIngestionNeeded } from "./ingestion/ensureQueued";
import { ingest } from "./ingestion/ingest";

/** One job with the longest wait for its turn, the slowest answer, and the writes that follow. */
const neededMs = 20_000;

export const ingestion = consume({
  name: "ingestion",
  accepts: [dataIngestionNeeded],
  handle: inTurn<DataIngestionNeeded, Outcome>(neededMs, ingest),
});
