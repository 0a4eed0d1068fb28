import { consumeAsRead } from "./consume/consume";
import { observe, readObserved } from "./eventStore/observe";

export const audit = consumeAsRead({ name: "audit", read: readObserved, handle: observe });
