import { aboutItem, parseItem } from "./workflow/item";
import { step } from "./workflow/step";
import { validateData } from "./workflow/validate";

export const dataValidation = step({
  name: "dataValidation",
  parse: parseItem,
  about: aboutItem,
  work: validateData,
});
