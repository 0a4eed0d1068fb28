import type { EventDefinition } from "./definition";
import { earningsProcessed } from "./earningsProcessed";

/** Every event of the platform. A new one is a file beside this and a line here. */
export const catalogue = { earningsProcessed } as const satisfies Record<string, EventDefinition>;
