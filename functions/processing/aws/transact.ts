import { TransactWriteCommand, type TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Run } from "../consume/run";
import { dynamodb } from "./dynamodb";

export type TransactItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** Writes all of these items or, by a condition, none. Every try has the same token: a lost answer is no second write. */
export const transact = async (items: readonly TransactItem[], run: Run): Promise<void> => {
  const request = { ClientRequestToken: run.newId(), TransactItems: [...items] };
  await run.call("TransactWriteItems", "dynamodb", () => dynamodb().send(new TransactWriteCommand(request)));
};
