import { randomBytes } from "node:crypto";
import type { Destination } from "../../functions/processing/eventStore/destination";
import { recordReplay } from "../../functions/processing/eventStore/recordReplay";
import { type Plan, planReplay, replay } from "../../functions/processing/eventStore/replay";
import type { Runtime } from "../../functions/processing/runtime";
import { UserError } from "../../local/engine/stackFile";
import { visible } from "../visible";
import { type Given, readSelection, wholeNumber } from "./options";
import type { EventPlatform } from "./platform";
import { planLines } from "./print";

/** More events than this are sent only with --yes. */
const withoutAsking = 100;

/** Tells replays apart, and when they were; fits the name of an EventBridge replay. */
export const newReplayId = (now: number, random: string = randomBytes(4).toString("hex")): string =>
  `replay-${new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z-${random}`;

export interface ReplayReport {
  destination: string;
  plan: Plan;
  /** Nothing was sent where there is none. */
  replayId?: string;
  sent: number;
  refused: { eventId: string; code: string }[];
}

export type Progress = (done: number, of: number) => void;

/** Counts, checks that it is meant, and sends. */
export const replayFromStore = async (
  platform: EventPlatform,
  given: Given,
  progress: Progress,
  runtime: Runtime,
): Promise<ReplayReport> => {
  const now = runtime.now();
  const selection = readSelection(given, now);
  const most = wholeNumber("limit", given.limit, 10_000, 1_000_000);
  const perSecond = wholeNumber("rate", given.rate, 50, 1_000);
  const consumer = given["to-consumer"];
  const destination: Destination = consumer === undefined ? platform.toBus() : await platform.toConsumer(consumer);
  const plan = await planReplay(platform.store, selection, destination, most);
  if (plan.more) {
    throw new UserError(`These are more than ${most} events. Select fewer, or raise --limit. Nothing was sent.`);
  }
  const report: ReplayReport = { destination: destination.name, plan, sent: 0, refused: [] };
  if (given["dry-run"] || plan.events === 0) return report;
  if (plan.events > withoutAsking && !given.yes) {
    throw new UserError([...planLines(plan, destination.name), "Say --yes to send them. Nothing was sent."].join("\n"));
  }
  const replayId = newReplayId(now);
  await recordReplay(platform.store, { replayId, selection, destination: destination.name, events: plan.events, now });
  let done = 0;
  const onProgress = (taken: number): void => {
    done = taken;
    progress(taken, plan.events);
  };
  const order = { replayId, selection, destination, most: plan.events, perSecond, onProgress };
  const { sent, refused } = await replay(platform.store, order, runtime).catch((error: Error) => {
    throw new UserError(
      `Stopped after ${done} of ${plan.events} events: ${error.message}\nBeginning anew is safe: who had them knows them by their ids.`,
    );
  });
  return { ...report, replayId, sent, refused };
};

export const reportLines = ({ destination, plan, replayId, sent, refused }: ReplayReport): string[] => {
  if (replayId === undefined) return [...planLines(plan, destination), "Nothing was sent."];
  return [
    ...planLines(plan, destination),
    `sent ${sent} as ${replayId}`,
    ...refused.map(({ eventId, code }) => visible(`refused: ${eventId}: ${code}`)),
  ];
};
