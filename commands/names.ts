import { byText } from "../functions/processing/order";
import { UserError } from "../local/engine/stackFile";

/** As AWS has the name, of which the program has the other spelling: mark-earnings-processed of markEarningsProcessed. */
export const nameAtAws = (name: string): string => name.replace(/\B[A-Z]/g, "-$&").toLowerCase();

/** The one of these that is meant, in either spelling; or refuses, and says which there are. */
export const oneOf = (known: readonly string[], meant: string, kind: string): string => {
  const name = nameAtAws(meant);
  if (known.includes(name)) return name;
  throw new UserError(`There is no ${kind} ${meant}. There are: ${[...known].sort(byText).join(", ")}`);
};
