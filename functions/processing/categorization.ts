import { categorizeAutomatically, categorizedAfter } from "./categorization/automatic";
import { consume } from "./consume/consume";

export const categorization = consume({
  name: "categorization",
  accepts: categorizedAfter,
  handle: categorizeAutomatically,
});
