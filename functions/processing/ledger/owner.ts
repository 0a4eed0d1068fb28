import { Failure } from "../failure";
import { ownerOf } from "./keys";

/** Whose books an event tells of. */
export const requireOwner = (userId: string | undefined): string => {
  if (userId !== undefined) return ownerOf(userId);
  throw new Failure("validation", "detail.userId is missing", { origin: "input", field: "detail.userId" });
};
