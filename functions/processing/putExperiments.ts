import { parsePutRequest, put } from "./stream/put";
import { step } from "./workflow/step";

export const putExperiments = step({
  name: "putExperiments",
  parse: parsePutRequest,
  about: ({ experiments, assignments }) => ({ experiments: experiments.length, assignments: assignments.length }),
  work: put,
});
