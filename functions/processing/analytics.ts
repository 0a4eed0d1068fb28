import { askingEvents } from "./analytics/plan";
import { refresh } from "./analytics/refresh";
import { consume } from "./consume/consume";

export const analytics = consume({ name: "analytics", accepts: askingEvents, handle: refresh });
