import { analyse } from "./workflow/analyse";
import { aboutItem, parseItem } from "./workflow/item";
import { step } from "./workflow/step";

export const ruleBasedAnalysis = step({
  name: "ruleBasedAnalysis",
  parse: parseItem,
  about: aboutItem,
  work: analyse,
});
