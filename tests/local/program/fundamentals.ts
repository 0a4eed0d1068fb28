import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { changesOf } from "../../../functions/processing/fundamentals/changes";
import { type DataType, dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import { normalise } from "../../../functions/processing/fundamentals/normalise";
import { minute, prefix, type Shared } from "./sharedCloud";

const asked: Record<DataType, string> = {
  company_overview: "OVERVIEW",
  earnings: "EARNINGS",
  income_statement: "INCOME_STATEMENT",
  balance_sheet: "BALANCE_SHEET",
  cash_flow: "CASH_FLOW",
};

/** Stores what the market says of a company, as ingestion would. */
export const storeFundamentals = async ({ up, oracle, clients }: Shared, symbol: string): Promise<void> => {
  const receivedAt = up.cloud.clock.now() - minute;
  for (const type of dataTypes) {
    const answer = normalise(type, await oracle.ask(asked[type], symbol), symbol);
    const changes = changesOf(undefined, answer, { assetId: symbol, receivedAt, rawKey: "none" });
    const rows = changes ? [changes.head, ...changes.rows] : [];
    const table = `${prefix}${type.replaceAll("_", "-")}`;
    for (let at = 0; at < rows.length; at += 25) {
      const writes = rows.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
      await clients.dynamodb.send(new BatchWriteCommand({ RequestItems: { [table]: writes } }));
    }
  }
};
