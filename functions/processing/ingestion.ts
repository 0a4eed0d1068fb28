import { consume } from "./consume/consume";
import { dataIngestionNeeded } from "./events/dataIngestionNeeded";
import { ingest } from "./ingestion/ingest";

export const ingestion = consume({ name: "ingestion", accepts: [dataIngestionNeeded], handle: ingest });
