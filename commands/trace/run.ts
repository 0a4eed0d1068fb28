import { UserError } from "../../local/engine/stackFile";
import { readArgsAbout } from "../commandLine";
import { openGiven, platformOptions } from "../platform";
import { aheadMs, sinceOf } from "../since";
import { visibleJson } from "../visible";
import { eventStep } from "./events";
import { logSteps } from "./logs";
import { traceLines } from "./print";
import { inOrder, type Step } from "./step";
import { storyOf } from "./story";
import { workflowSteps } from "./workflows";

export const usage = `Usage: npm run trace -- CORRELATION [OPTIONS]

Prints one story from beginning to end: events, what functions said of them, the steps of workflows, in order, each with how
long it took. What followed under ids of its own is part of it.

  CORRELATION      a correlation id: of an event, an answer's x-correlation-id, a log line; of a schedule's run, such as
                   pollinationPlanner#regular#2026-10-29T07
  --since TIME     where no event has this id: since when to look into the logs (default a day ago)
  --json           print for machines
  --stack NAME     the stack (default dev)
  --endpoint URL   where the embedded cloud listens (default http://127.0.0.1:4566)
  --aws            AWS instead, with the credentials and the region of the environment
  --help           this text`;

const options = {
  since: { type: "string" },
  ...platformOptions,
} as const;

const minuteMs = 60_000;
const dayMs = 86_400_000;
const mostEvents = 1_000;

const spanOf = (steps: readonly Step[], since: number, now: number) =>
  steps.length === 0
    ? { from: since, to: now + aheadMs }
    : {
        from: Math.min(...steps.map(({ at }) => at)) - minuteMs,
        to: Math.max(...steps.map(({ at }) => at)) + dayMs,
      };

/** Does what the arguments say, and answers what to print. */
export const runTrace = async (args: string[]): Promise<string> => {
  const { about, ...given } = readArgsAbout(args, options, usage);
  if (given.help) return usage;
  const [correlationId, another] = about;
  if (!correlationId || another !== undefined) throw new UserError(`Name one correlation id.\n\n${usage}`);
  const since = sinceOf(given.since);
  const platform = await openGiven(given);
  const now = platform.now();
  const story = await storyOf(platform, correlationId, mostEvents);
  const known = [...story.events.map(eventStep), ...(await workflowSteps(platform, given.stack, story.events))];
  const ids = [...new Set([correlationId, ...story.events.map(({ correlation_id }) => correlation_id)])];
  const lines = await logSteps(platform, given.stack, ids, spanOf(known, since(now), now));
  const steps = inOrder([...known, ...lines.steps]);
  const cut = story.cut || lines.cut;
  if (given.json) return visibleJson({ correlationId, correlationIds: ids, cut, steps });
  return [...traceLines(steps), ...(cut ? ["", "and more: this is as much as is read at once"] : [])].join("\n");
};
