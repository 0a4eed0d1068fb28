import { Failure } from "../failure";

/** For a file that cannot be read at all, or not without guessing. */
export const refusal = (field: string, reason: string): Failure =>
  new Failure("validation", `${field} ${reason}`, { origin: "input", field });
