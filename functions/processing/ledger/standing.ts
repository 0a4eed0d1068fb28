import type { TransactItem } from "../aws/transact";
import { env } from "../environment";
import { accountKey } from "./keys";
import { accountsTable } from "./row";

/** Goes into a transaction whose rows belong to an account from then on: the account must not be deleted meanwhile. */
export const accountStays = (owner: string, accountId: string): TransactItem => ({
  ConditionCheck: {
    TableName: env(accountsTable.variable),
    Key: accountKey(owner, accountId),
    ConditionExpression: "attribute_exists(#owner) AND attribute_not_exists(deletedAt)",
    ExpressionAttributeNames: { "#owner": "owner" },
  },
});
