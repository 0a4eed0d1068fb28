import { consume } from "./consume/consume";
import { pollenationNeeded } from "./events/pollenationNeeded";
import { pollinate } from "./pollination/pollinate";

export const pollination = consume({ name: "pollination", accepts: [pollenationNeeded], handle: pollinate });
