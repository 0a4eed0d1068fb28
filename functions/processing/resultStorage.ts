import * as v from "valibot";
import { validate } from "./events/validate";
import { aboutItem, type Item, itemSchema } from "./workflow/item";
import { reasonIn } from "./workflow/reason";
import { step } from "./workflow/step";
import { storeCompleted, storeFailed } from "./workflow/store";

/** The rating's place, or what went wrong: as the state machine caught it, or as the validation put it. */
const outcomeSchema = v.union([
  v.object({ resultKey: v.pipe(v.string(), v.minLength(1)) }),
  v.object({ error: v.object({ Error: v.string(), Cause: v.string() }) }),
  v.object({ problem: v.pipe(v.string(), v.minLength(1)) }),
]);

type Ended = Item & { outcome: v.InferOutput<typeof outcomeSchema> };

const endedSchema = v.object({ ...itemSchema.entries, outcome: outcomeSchema });

export const resultStorage = step({
  name: "resultStorage",
  parse: (input): Ended => validate(endedSchema, input, "input"),
  about: aboutItem,
  work: ({ outcome, ...item }, run) => {
    if ("resultKey" in outcome) return storeCompleted(item, outcome.resultKey, run);
    return storeFailed(item, "problem" in outcome ? outcome.problem : reasonIn(outcome.error), run);
  },
});
