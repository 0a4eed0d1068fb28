import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import { readTogether } from "../aws/readTogether";
import { writeTogether } from "../aws/writeTogether";
import { inLanes } from "../consume/inLanes";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { env } from "../environment";
import { parseRow } from "../ledger/read";
import { type Kind, preferencesKey, preferencesSchema } from "./kind";

/** Of one kind, a person is told no more than once in this time. */
export const quietMs = 3_600_000;
/** So long it is remembered what was decided of an event. */
export const keptMs = 30 * 86_400_000;

/** What a message says, so that another one can be held against it. */
export interface Said {
  digest: string;
  /** 0 where it names none that is there. */
  accountVersion: number;
}

/** What was decided of an event: to tell of it, and that so many before it were held back; or to hold it back too. */
export interface Decision {
  owner: string;
  notification_key: string;
  decision: "tell" | "held";
  heldBefore: number;
  said: Said;
  told_at?: string;
}

const eventKey = (eventId: string): string => `EVENT#${eventId}`;
const throttleKey = (kind: Kind): string => `THROTTLE#${kind}`;

export const wantsToKnow = async (owner: string, kind: Kind, run: Run): Promise<boolean> => {
  const key = { owner, notification_key: preferencesKey };
  const [row] = await readTogether(env("NOTIFICATIONS_TABLE"), [key], undefined, run);
  return row === undefined || parseRow(preferencesSchema, row).tell[kind] !== false;
};

interface Throttle {
  version: number;
  lastAt: number;
  held: number;
}

const next = (throttle: Throttle | undefined, now: number): { tell: boolean; after: Throttle } => {
  const tell = throttle === undefined || now - throttle.lastAt >= quietMs;
  const version = (throttle?.version ?? 0) + 1;
  return tell
    ? { tell, after: { version, lastAt: now, held: 0 } }
    : { tell, after: { ...throttle, version, held: throttle.held + 1 } };
};

/** What was decided of an event before. */
export const readDecision = async (owner: string, eventId: string, run: Run): Promise<Decision | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({
        TableName: env("NOTIFICATIONS_TABLE"),
        Key: { owner, notification_key: eventKey(eventId) },
        ConsistentRead: true,
      }),
    ),
  );
  return Item as Decision | undefined;
};

interface Deciding {
  owner: string;
  kind: Kind;
  eventId: string;
  said: Said;
}

interface Standing {
  decided: ReadonlyMap<string, Decision>;
  throttle: Throttle | undefined;
}

const readStanding = async (owner: string, kind: Kind, eventIds: readonly string[], run: Run): Promise<Standing> => {
  const keys = [throttleKey(kind), ...eventIds.map(eventKey)];
  const rows = await readTogether(
    env("NOTIFICATIONS_TABLE"),
    keys.map((notification_key) => ({ owner, notification_key })),
    undefined,
    run,
  );
  const byKey = new Map(rows.map((row) => [String(row["notification_key"]), row]));
  const decided = eventIds.flatMap((id) => {
    const row = byKey.get(eventKey(id));
    return row ? [[id, row as unknown as Decision] as const] : [];
  });
  return { decided: new Map(decided), throttle: byKey.get(throttleKey(kind)) as Throttle | undefined };
};

/** Whether it was decided of an event before, as far as that is remembered. */
export const isDecided = async ({ owner, kind, eventId }: Omit<Deciding, "said">, run: Run): Promise<boolean> =>
  (await readStanding(owner, kind, [eventId], run)).decided.has(eventId);

const write = async (
  owner: string,
  kind: Kind,
  decisions: readonly Decision[],
  { before, after }: { before: Throttle | undefined; after: Throttle },
  run: Run,
): Promise<void> => {
  const TableName = env("NOTIFICATIONS_TABLE");
  const absent = "attribute_not_exists(notification_key)";
  const expires_at = Math.floor((run.now() + keptMs) / 1_000);
  await writeTogether(
    [
      ...decisions.map((decision) => ({
        Put: { TableName, Item: { ...decision, expires_at }, ConditionExpression: absent },
      })),
      {
        Put: {
          TableName,
          Item: { owner, notification_key: throttleKey(kind), ...after },
          ...(before
            ? { ConditionExpression: "version = :seen", ExpressionAttributeValues: { ":seen": before.version } }
            : { ConditionExpression: absent }),
        },
      },
    ],
    run,
  );
};

/** Decides of what happened to one person, in order, and writes it together. */
const decideAll = async (wanted: readonly Deciding[], run: Run): Promise<Decision[]> => {
  const [first] = wanted;
  if (!first) return [];
  const { owner, kind } = first;
  const byId = new Map(wanted.map((one) => [one.eventId, one]));
  const { decided, throttle: before } = await readStanding(owner, kind, [...byId.keys()], run);
  const made = new Map<string, Decision>();
  let throttle = before;
  for (const [eventId, { said }] of byId) {
    if (decided.has(eventId)) continue;
    const { tell, after } = next(throttle, run.now());
    made.set(eventId, {
      owner,
      notification_key: eventKey(eventId),
      decision: tell ? "tell" : "held",
      heldBefore: tell ? (throttle?.held ?? 0) : 0,
      said,
    });
    throttle = after;
  }
  if (throttle && made.size > 0) await write(owner, kind, [...made.values()], { before, after: throttle }, run);
  return wanted.flatMap(({ eventId }) => decided.get(eventId) ?? made.get(eventId) ?? []);
};

/** Decides of an event once; an event that comes again finds what was decided, and whether it was told. */
export const decide = inLanes(
  ({ owner, kind }: Deciding) => `${owner} ${kind}`,
  (_, wanted, run) => overtaken(run, () => decideAll(wanted, run)),
);

export const markTold = ({ owner, notification_key }: Decision, run: Run): Promise<unknown> =>
  run.call("UpdateItem", "dynamodb", () =>
    dynamodb().send(
      new UpdateCommand({
        TableName: env("NOTIFICATIONS_TABLE"),
        Key: { owner, notification_key },
        UpdateExpression: "SET told_at = :now",
        ConditionExpression: "attribute_exists(notification_key)",
        ExpressionAttributeValues: { ":now": new Date(run.now()).toISOString() },
      }),
    ),
  );
