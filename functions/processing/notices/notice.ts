import { createHash } from "node:crypto";
import { PublishCommand } from "@aws-sdk/client-sns";
import { sns } from "../aws/sns";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";
import { requireOwner } from "../ledger/owner";
import { readAccountRow } from "../ledger/read";
import { isKind, type ToldEvent } from "./kind";
import { decide, isDecided, keptMs, markTold, type Said, wantsToKnow } from "./store";
import { type Notice, wordingOf } from "./wording";

/**
 * `held`: of this kind somebody was told within the last hour. `unwanted`: they do not want to know. `past`: it is no news,
 * and what was decided of it then is no longer remembered, or nobody was told.
 */
export type Outcome = "told" | "held" | "unwanted" | "duplicate" | "past";

const publish = ({ kind, subject, text }: Notice, event: ToldEvent, heldBefore: number, run: Run): Promise<unknown> =>
  run.call("Publish", "aws", () =>
    sns().send(
      new PublishCommand({
        TopicArn: env("LEDGER_NOTIFICATION_TOPIC_ARN"),
        Subject: subject,
        Message: JSON.stringify({
          userId: event.userId,
          kind,
          text,
          ...(heldBefore > 0 && { heldBack: heldBefore }),
          eventId: event.eventId,
          correlationId: event.correlationId,
        }),
        MessageAttributes: {
          userId: { DataType: "String", StringValue: event.userId ?? "" },
          kind: { DataType: "String", StringValue: kind },
        },
      }),
    ),
  );

export interface Composed {
  notice: Notice;
  /** What a person would read, and on which version of an account that rests: by this two messages are compared. */
  said: Said;
}

/** What there is to say of an event. Undefined where its owner does not want to know. */
export const compose = async (event: ToldEvent, run: Run): Promise<Composed | undefined> => {
  const owner = requireOwner(event.userId);
  const { eventType: kind, payload } = event;
  if (!isKind(kind)) throw new Failure("permanent", `${kind} is not told to anybody`, { origin: "code" });
  if (!(await wantsToKnow(owner, kind, run))) return undefined;
  const { accountId } = payload;
  const account = typeof accountId === "string" ? await readAccountRow(owner, accountId, run) : undefined;
  const notice = wordingOf(event, kind, account);
  const digest = createHash("sha256").update(JSON.stringify(notice)).digest("hex").slice(0, 32);
  return { notice, said: { digest, accountVersion: account?.version ?? 0 } };
};

/** Sent again, or so late that a mark of it may have gone. */
const isNoNews = ({ replayId, timestamp }: ToldEvent, run: Run): boolean =>
  replayId !== undefined || run.now() - timestamp > keptMs;

/**
 * Tells a person what happened to their books, of each kind once an hour at most, and then how many were held back. The
 * mark comes after the message: a crash in between tells twice rather than never.
 */
export const notice = async (event: ToldEvent, run: Run): Promise<Outcome> => {
  const composed = await compose(event, run);
  if (!composed) return "unwanted";
  const { notice: told, said } = composed;
  const owner = requireOwner(event.userId);
  const about = { owner, kind: told.kind, eventId: event.eventId };
  if (isNoNews(event, run) && !(await isDecided(about, run))) return "past";
  const decision = await decide({ ...about, said }, run);
  if (decision.told_at !== undefined) return "duplicate";
  if (decision.decision === "held") return "held";
  await publish(told, event, decision.heldBefore, run);
  await markTold(decision, run);
  return "told";
};
