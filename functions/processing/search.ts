import { parseRequest } from "./search/request";
import { search as find } from "./search/search";
import { step } from "./workflow/step";

export const search = step({
  name: "search",
  parse: parseRequest,
  about: ({ filters, size, offset }) => ({ filters, size, offset }),
  work: find,
});
