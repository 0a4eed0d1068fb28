import type { Assessed, Outcome } from "../../../functions/processing/analysis/assess";
import type { NotComputable } from "../../../functions/processing/analysis/schema";

export const computed = (outcome: Outcome): Assessed => {
  if ("notComputable" in outcome) throw new Error(outcome.reason);
  return outcome;
};

export const refused = (outcome: Outcome): NotComputable => {
  if ("notComputable" in outcome) return outcome;
  throw new Error(`it was computed: ${outcome.reason}`);
};

/** The value of one of the things that a component looks at. */
export const measured = (outcome: Outcome, name: string): number | undefined =>
  computed(outcome).measures.find((one) => one.name === name)?.value;
