import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { Failure } from "../failure";
import type { Head } from "./changes";
import { type DataType, dataTypes } from "./dataTypes";
import { tableOf } from "./store";

/** The heads of all types of a company, in one request. */
export const readHeads = async (assetId: string, run: Run): Promise<Partial<Record<DataType, Head>>> => {
  const key = { asset_id: `ASSET#${assetId}`, report_key: "HEAD" };
  const heads: Partial<Record<DataType, Head>> = {};
  await run.call("BatchGetItem", "dynamodb", async () => {
    const request = { Keys: [key], ConsistentRead: true };
    const RequestItems = Object.fromEntries(dataTypes.map((type) => [tableOf(type), request]));
    const { Responses = {}, UnprocessedKeys = {} } = await dynamodb().send(new BatchGetCommand({ RequestItems }));
    if (Object.keys(UnprocessedKeys).length > 0) {
      throw new Failure("throttled", "not all heads were read", { origin: "dynamodb" });
    }
    for (const type of dataTypes) {
      const head = Responses[tableOf(type)]?.[0];
      if (head) heads[type] = head as unknown as Head;
    }
  });
  return heads;
};
