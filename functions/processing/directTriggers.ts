import { consumeAsRead } from "./consume/consume";
import { haveEffects } from "./direct/effects";
import { readTriggered } from "./direct/triggered";
import { rehearse } from "./shadow/rehearse";

export const directTriggers = consumeAsRead({
  name: "directTriggers",
  read: readTriggered,
  handle: (event, run) => (event.shadow ? rehearse(event, run) : haveEffects(event, run)),
});
