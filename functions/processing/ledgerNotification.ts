import { consume } from "./consume/consume";
import { toldEvents } from "./notices/kind";
import { notice } from "./notices/notice";

export const ledgerNotification = consume({ name: "ledgerNotification", accepts: toldEvents, handle: notice });
