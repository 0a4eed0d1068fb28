import { createHash } from "node:crypto";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { TransactItem } from "../aws/transact";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { Failure } from "../failure";
import type { Answer } from "./operation";
import { Problem } from "./problem";

/** A request that its sender may send again: by whom, under which key, and what it says. */
export interface Repeatable {
  id: string;
  fingerprint: string;
}

const keptSeconds = 86_400;

const hash = (...parts: readonly unknown[]): string => createHash("sha256").update(JSON.stringify(parts)).digest("hex");

/** One person's key is never another's: whose it is, is a part of the row's key. */
export const repeatable = (owner: string, key: string, request: readonly unknown[]): Repeatable => ({
  id: `IDEMPOTENCY#${hash(owner, key)}`,
  fingerprint: hash(...request),
});

const item = ({ id, fingerprint }: Repeatable, answer: Answer, now: number) => ({
  TableName: env("EFFECTS_TABLE"),
  Item: {
    effect_id: id,
    fingerprint,
    answer: JSON.stringify(answer),
    expires_at: Math.floor(now / 1_000) + keptSeconds,
  },
  ConditionExpression: "attribute_not_exists(effect_id)",
});

/** Goes into the transaction of the change. */
export const keepAnswer = (request: Repeatable, answer: Answer, now: number): TransactItem => ({
  Put: item(request, answer, now),
});

/** For a change that takes several transactions, each of which finds what is done already. */
export const keepAlone = async (request: Repeatable, answer: Answer, run: Run): Promise<void> => {
  await run.call("PutItem", "dynamodb", () => dynamodb().send(new PutCommand(item(request, answer, run.now()))));
};

/** What the same request was answered; another request under the same key is refused. */
export const answeredBefore = async (request: Repeatable, run: Run): Promise<Answer | undefined> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({ TableName: env("EFFECTS_TABLE"), Key: { effect_id: request.id }, ConsistentRead: true }),
    ),
  );
  if (!Item) return undefined;
  if (Item["fingerprint"] !== request.fingerprint) {
    const rule = "was used for another request";
    throw new Problem(422, `Idempotency-Key ${rule}`, [{ detail: rule, header: "Idempotency-Key" }]);
  }
  if (typeof Item["answer"] !== "string") throw new Failure("permanent", `${request.id} is damaged`);
  return JSON.parse(Item["answer"]) as Answer;
};
