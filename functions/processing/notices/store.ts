import { GetCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { env } from "../environment";
import { parseRow } from "../ledger/read";
import { type Kind, preferencesKey, preferencesSchema } from "./kind";

/** Of one kind, a person is told no more than once in this time. */
export const quietMs = 3_600_000;
const keptSeconds = 30 * 86_400;

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

const read = async (owner: string, key: string, run: Run): Promise<Record<string, unknown> | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({
        TableName: env("NOTIFICATIONS_TABLE"),
        Key: { owner, notification_key: key },
        ConsistentRead: true,
      }),
    ),
  );
  return Item;
};

export const wantsToKnow = async (owner: string, kind: Kind, run: Run): Promise<boolean> => {
  const row = await read(owner, preferencesKey, run);
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
export const readDecision = async (owner: string, eventId: string, run: Run): Promise<Decision | undefined> =>
  (await read(owner, `EVENT#${eventId}`, run)) as Decision | undefined;

const decideOnce = async (owner: string, kind: Kind, eventId: string, said: Said, run: Run): Promise<Decision> => {
  const known = await readDecision(owner, eventId, run);
  if (known) return known;
  const throttle = (await read(owner, `THROTTLE#${kind}`, run)) as Throttle | undefined;
  const { tell, after } = next(throttle, run.now());
  const decision: Decision = {
    owner,
    notification_key: `EVENT#${eventId}`,
    decision: tell ? "tell" : "held",
    heldBefore: tell ? (throttle?.held ?? 0) : 0,
    said,
  };
  const TableName = env("NOTIFICATIONS_TABLE");
  const absent = "attribute_not_exists(notification_key)";
  const ClientRequestToken = run.newId();
  await run.call("TransactWriteItems", "dynamodb", () =>
    dynamodb().send(
      new TransactWriteCommand({
        ClientRequestToken,
        TransactItems: [
          {
            Put: {
              TableName,
              Item: { ...decision, expires_at: Math.floor(run.now() / 1_000) + keptSeconds },
              ConditionExpression: absent,
            },
          },
          {
            Put: {
              TableName,
              Item: { owner, notification_key: `THROTTLE#${kind}`, ...after },
              ...(throttle
                ? { ConditionExpression: "version = :seen", ExpressionAttributeValues: { ":seen": throttle.version } }
                : { ConditionExpression: absent }),
            },
          },
        ],
      }),
    ),
  );
  return decision;
};

/** Decides of an event once; an event that comes again finds what was decided, and whether it was told. */
export const decide = (owner: string, kind: Kind, eventId: string, said: Said, run: Run): Promise<Decision> =>
  overtaken(run, () => decideOnce(owner, kind, eventId, said, run));

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
