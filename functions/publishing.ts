import { type Need, publishTo, sendTo, setting } from "../infra/grants";
import type { Platform } from "./platform";

const switches = ({ settings }: Platform): Need[] => [
  setting("ENABLE_EVENT_PUBLISHING", String(settings.enableEventPublishing)),
  setting("ENABLE_DIRECT_TRIGGERS", String(settings.enableDirectTriggers)),
];

const directly = ({ settings, direct }: Platform): Need[] =>
  settings.enableDirectTriggers ? [sendTo(direct.queue, "DIRECT_TRIGGERS_QUEUE_URL")] : [];

/** To tell what happens to the books, by the paths that the settings say. */
export const tellOfBooks = (platform: Platform): Need[] => [
  ...switches(platform),
  ...(platform.settings.enableEventPublishing ? [publishTo(platform.bus)] : []),
  ...directly(platform),
];

/** To tell of everything: what is not of the ledger goes to the bus whatever the settings say. */
export const tellOfEverything = (platform: Platform): Need[] => [
  ...switches(platform),
  publishTo(platform.bus),
  ...directly(platform),
];
