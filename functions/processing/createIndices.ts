import { validate } from "./events/validate";
import { preparationSchema, prepareDomain } from "./search/prepare";
import { step } from "./workflow/step";

export const createIndices = step({
  name: "createIndices",
  parse: (input) => validate(preparationSchema, input, "input"),
  about: ({ endpoint }) => ({ endpoint }),
  work: prepareDomain,
});
