import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { type File, fileSchema } from "../ledger/file";
import { parseRow } from "../ledger/read";

/** Another file of the same owner, for the same account, that has these very bytes, was read, and is not itself known by one. */
export const sameContent = async (
  { owner, fileId, accountId }: File,
  contentHash: string,
  run: Run,
): Promise<File | undefined> => {
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await run.call("Query", "dynamodb", () =>
      dynamodb().send(
        new QueryCommand({
          TableName: env("FILES_TABLE"),
          ConsistentRead: true,
          KeyConditionExpression: "#owner = :owner",
          FilterExpression: "contentHash = :hash AND #status IN (:success, :partial)",
          ExpressionAttributeNames: { "#owner": "owner", "#status": "status" },
          ExpressionAttributeValues: {
            ":owner": owner,
            ":hash": contentHash,
            ":success": "success",
            ":partial": "partial",
          },
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    const other = Items.map((item) => parseRow(fileSchema, item)).find(
      (file) => file.fileId !== fileId && file.accountId === accountId && file.duplicateOf === undefined,
    );
    if (other) return other;
    start = LastEvaluatedKey;
  } while (start);
  return undefined;
};
