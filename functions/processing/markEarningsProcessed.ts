import { consume } from "./consume/consume";
import { markProcessed } from "./earnings/markProcessed";
import { earningsProcessed } from "./events/earningsProcessed";

export const markEarningsProcessed = consume({
  name: "markEarningsProcessed",
  accepts: [earningsProcessed],
  handle: markProcessed,
});
