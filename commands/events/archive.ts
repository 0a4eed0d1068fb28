import { DescribeReplayCommand, type ReplayState, StartReplayCommand } from "@aws-sdk/client-eventbridge";
import type { Runtime } from "../../functions/processing/runtime";
import { UserError } from "../../local/engine/stackFile";
import { type Given, readSelection } from "./options";
import type { EventPlatform } from "./platform";
import { newReplayId } from "./replay";

const lookEveryMs = 1_000;
const over: readonly (ReplayState | undefined)[] = ["COMPLETED", "FAILED", "CANCELLED"];

export interface ArchiveReport {
  destination: string;
  /** In the archive altogether. */
  archived: number;
  from: string;
  to: string;
  /** Nothing was started where there is none. */
  replayId?: string;
  state?: ReplayState | undefined;
  reason?: string | undefined;
}

const refuseOthers = (given: Given): void => {
  const other = (["type", "entity", "correlation", "user", "rate", "limit"] as const).find(
    (name) => given[name] !== undefined,
  );
  if (other !== undefined)
    throw new UserError(`--${other} cannot be told to EventBridge's archive: it knows times only`);
  if (given.from === undefined || given.to === undefined) throw new UserError("--archive needs --from and --to");
};

/** Lets EventBridge put on the bus again what it archived, and waits for the end of it. */
export const replayFromArchive = async (
  platform: EventPlatform,
  given: Given,
  progress: (state: string) => void,
  { now, sleep }: Runtime,
): Promise<ArchiveReport> => {
  refuseOthers(given);
  const { from, to } = readSelection(given, now());
  const name = given["to-consumer"];
  const receiver = name === undefined ? undefined : await platform.ruleOf(name);
  const { arn, busArn, events } = await platform.archive();
  const report: ArchiveReport = {
    destination: receiver === undefined ? "the bus" : `consumer ${receiver.consumer}`,
    archived: events,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  };
  if (given["dry-run"]) return report;
  if (!given.yes) {
    throw new UserError(
      `EventBridge does not tell how many of the ${events} archived events these are. Say --yes to replay them. Nothing was sent.`,
    );
  }
  const replayId = newReplayId(now());
  await platform.eventBridge.send(
    new StartReplayCommand({
      ReplayName: replayId,
      EventSourceArn: arn,
      EventStartTime: new Date(from),
      EventEndTime: new Date(to),
      Destination: { Arn: busArn, ...(receiver?.rule.Arn !== undefined && { FilterArns: [receiver.rule.Arn] }) },
    }),
  );
  for (;;) {
    const { State, StateReason } = await platform.eventBridge.send(new DescribeReplayCommand({ ReplayName: replayId }));
    if (over.includes(State)) return { ...report, replayId, state: State, reason: StateReason };
    progress(String(State).toLowerCase());
    await sleep(lookEveryMs);
  }
};

export const archiveLines = ({ destination, archived, from, to, replayId, state, reason }: ArchiveReport): string[] => [
  `what is archived from ${from} to ${to} to ${destination}; the archive has ${archived} events in all`,
  replayId === undefined
    ? "Nothing was sent."
    : `${replayId} ${String(state).toLowerCase()}${reason === undefined ? "" : `: ${reason}`}`,
];
