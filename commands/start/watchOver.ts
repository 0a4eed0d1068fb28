import type { EmbeddedCloud } from "../../local/embedded";
import { statusLine } from "../statusLine";
import { hopeless, type Trouble } from "./troubles";

export interface Watch {
  /** What goes on from now on. */
  during: (what: string) => void;
  /** Resolves only where there is no use in waiting for the end. */
  hopeless: Promise<Trouble>;
  end: () => void;
}

const everyMs = 250;

/** Says on the terminal how far it is, for as long as it takes, and notices where it would take for ever. */
export const watchOver = (up: EmbeddedCloud, shown: boolean): Watch => {
  let what = "";
  let give: (trouble: Trouble) => void = () => undefined;
  const given = new Promise<Trouble>((resolve) => {
    give = resolve;
  });
  const look = (): void => {
    const trouble = hopeless(up);
    if (trouble) give(trouble);
    if (!shown) return;
    const functions = Object.values(up.services.lambda.stats().functions);
    const invocations = functions.reduce((sum, { succeeded, failed }) => sum + succeeded + failed, 0);
    const clock = new Date(up.cloud.clock.now()).toISOString().slice(11, 16);
    statusLine.tell(`${what}: ${clock} UTC, ${invocations} invocations`);
  };
  const timer = setInterval(look, everyMs);
  // Who is interrupted does not wait for it.
  timer.unref();
  return {
    during: (now) => {
      what = now;
      if (shown) statusLine.end();
    },
    hopeless: given,
    end: () => {
      clearInterval(timer);
      if (shown) statusLine.end();
    },
  };
};
