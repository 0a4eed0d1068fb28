import * as v from "valibot";
import type { Operation } from "../../cloud/service";
import type { Archive } from "../archive";
import { notFound } from "../bus";
import { invalidRequest } from "../errors";
import { archiveNameIn, busNameIn, replayArn } from "../names";
import { operation, page, paging, text } from "../parameters";
import type { Parts } from "../parts";
import type { Replay } from "../replays";

const summary = ({ name, source, state, from, to, startedAt, endedAt, lastReplayed }: Replay) => ({
  ReplayName: name,
  EventSourceArn: source,
  State: state,
  EventStartTime: from,
  EventEndTime: to,
  ReplayStartTime: startedAt,
  ...(endedAt !== undefined && { ReplayEndTime: endedAt }),
  ...(lastReplayed !== undefined && { EventLastReplayedTime: lastReplayed }),
});

const replayName = v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, "it is no name of a replay"));

const order = v.strictObject({
  ReplayName: replayName,
  Description: text,
  EventSourceArn: v.string(),
  EventStartTime: v.number(),
  EventEndTime: v.number(),
  Destination: v.strictObject({ Arn: v.string(), FilterArns: v.exactOptional(v.array(v.string())) }),
});

const sourceOf = ({ archives }: Parts, arn: string): Archive => {
  const name = archiveNameIn(arn);
  if (name === arn) {
    throw invalidRequest("Parameter EventSourceArn is not valid. Reason: Must contain an archive ARN.");
  }
  const archive = archives.get(name);
  if (!archive) throw invalidRequest(`Parameter EventSourceArn is not valid. Reason: Archive ${name} does not exist.`);
  return archive;
};

const destinationOf = ({ buses }: Parts, arn: string, { settings }: Archive) => {
  if (busNameIn(arn) === arn) {
    throw invalidRequest("Parameter Destination.Arn is not valid. Reason: Must contain an event bus ARN.");
  }
  const bus = buses.get(arn);
  if (bus.arn !== settings.source) {
    throw invalidRequest("Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.");
  }
  return bus;
};

const checkFilters = (filters: readonly string[], rules: ReadonlySet<string>): void => {
  const missing = filters.find((arn) => !rules.has(arn));
  if (missing !== undefined) throw notFound(`Rule ${missing}`);
};

export const replayOperations = (parts: Parts): Record<string, Operation> => {
  const { replays, cloud } = parts;
  const named = v.strictObject({ ReplayName: replayName });
  const access =
    (action: string) =>
    ({ ReplayName }: { ReplayName: string }) => ({ action: `events:${action}`, resource: replayArn(ReplayName) });
  return {
    ...operation("StartReplay", order, {
      access: ({ ReplayName, EventSourceArn }) => [
        { action: "events:StartReplay", resource: replayArn(ReplayName) },
        { action: "events:StartReplay", resource: EventSourceArn },
      ],
      run: ({ ReplayName, Description, EventSourceArn, EventStartTime, EventEndTime, Destination }) => {
        const archive = sourceOf(parts, EventSourceArn);
        const bus = destinationOf(parts, Destination.Arn, archive);
        checkFilters(Destination.FilterArns ?? [], new Set([...bus.rules.values()].map(({ arn }) => arn)));
        const replay = replays.start(
          {
            name: ReplayName,
            description: Description,
            source: EventSourceArn,
            destination: Destination,
            from: EventStartTime,
            to: EventEndTime,
          },
          bus,
          archive.events(cloud.clock.now()),
        );
        return { ReplayArn: replay.arn, State: replay.state, ReplayStartTime: replay.startedAt };
      },
    }),
    ...operation("DescribeReplay", named, {
      access: access("DescribeReplay"),
      run: ({ ReplayName }) => {
        const replay = replays.get(ReplayName);
        const { arn: ReplayArn, destination: Destination, description } = replay;
        return {
          ...summary(replay),
          ReplayArn,
          Destination,
          ...(description !== undefined && { Description: description }),
        };
      },
    }),
    ...operation("ListReplays", v.strictObject({ NamePrefix: text, State: text, EventSourceArn: text, ...paging }), {
      access: () => ({ action: "events:ListReplays", resource: "*" }),
      run: ({ NamePrefix = "", State, EventSourceArn, ...asked }) => {
        const all = replays
          .all()
          .filter(
            ({ name, state, source }) =>
              name.startsWith(NamePrefix) && (State ?? state) === state && (EventSourceArn ?? source) === source,
          );
        const { items, ...more } = page(all, asked);
        return { Replays: items.map(summary), ...more };
      },
    }),
    ...operation("CancelReplay", named, {
      access: access("CancelReplay"),
      run: ({ ReplayName }) => {
        const { arn: ReplayArn, state: State } = replays.cancel(ReplayName);
        return { ReplayArn, State };
      },
    }),
  };
};
