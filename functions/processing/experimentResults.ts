import { once } from "./aws/client";
import { makeMemory } from "./stream/memory";
import { parseResultsRequest } from "./stream/results/request";
import { results } from "./stream/results/results";
import { step } from "./workflow/step";

const memory = once(makeMemory);

export const experimentResults = step({
  name: "experimentResults",
  parse: (input) => parseResultsRequest(input, Date.now()),
  about: ({ experimentId, days, window }) => ({ experimentId, days: days.length, window }),
  work: (request, run) => results(request, memory(), run),
});
