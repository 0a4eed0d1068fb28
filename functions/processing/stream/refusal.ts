import { Failure } from "../failure";

/** What is wrong with something that arrived: the field, and what is allowed there. The value itself is never repeated. */
export const refusal = (field: string, rule: string, cause?: unknown): Failure =>
  new Failure("validation", `${field} ${rule}`, { origin: "input", field, cause });
