import { consume } from "./consume/consume";
import { analysisNeeded } from "./events/analysisNeeded";
import { startAnalysis } from "./workflow/start";

export const analysis = consume({ name: "analysis", accepts: [analysisNeeded], handle: startAnalysis });
