import { categorizeAutomatically } from "./categorization/automatic";
import { categorizedAfter } from "./categorization/heard";
import { consume } from "./consume/consume";

export const categorization = consume({
  name: "categorization",
  accepts: categorizedAfter,
  handle: categorizeAutomatically,
});
