import { analysisComplete } from "./analysisComplete";
import { analysisNeeded } from "./analysisNeeded";
import { dataIngestionNeeded } from "./dataIngestionNeeded";
import type { EventDefinition } from "./definition";
import { earningsProcessed } from "./earningsProcessed";
import { pollenationNeeded } from "./pollenationNeeded";
import { pollinationComplete } from "./pollinationComplete";

/** Every event of the platform. A new one is a file beside this and a line here. */
export const catalogue = {
  pollenationNeeded,
  dataIngestionNeeded,
  pollinationComplete,
  earningsProcessed,
  analysisNeeded,
  analysisComplete,
} as const satisfies Record<string, EventDefinition>;
