import * as v from "valibot";
import { askingEvents } from "../analytics/plan";
import { categorizedAfter } from "../categorization/heard";
import type { PlatformEvent } from "../events/definition";
import { receive } from "../events/receive";
import { validate } from "../events/validate";
import { toldEvents } from "../notices/kind";

/** An event that came by the direct path. */
export interface Triggered extends PlatformEvent {
  /** The bus was given it too: it is to be rehearsed here, and has its effect there. */
  shadow: boolean;
}

const accepted = [...new Set([...askingEvents, ...categorizedAfter, ...toldEvents])];

const markSchema = v.pipe(
  v.string(),
  v.parseJson(undefined, "must be JSON"),
  v.object({ shadow: v.boolean("must be true or false") }),
);

export const readTriggered = (body: string): Triggered => {
  const { shadow } = validate(markSchema, body, "event");
  return { ...receive(body, accepted), shadow };
};
