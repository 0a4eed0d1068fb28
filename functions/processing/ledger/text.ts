import * as v from "valibot";

/** Text that a person writes. Half of a character, which JSON can spell, is none: no store takes it. */
export const freeText = v.pipe(
  v.string("must be a string"),
  v.check((text) => text.isWellFormed(), "must not contain half of a character"),
);
