import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, PutCommand, ScanCommand, type ScanCommandOutput } from "@aws-sdk/lib-dynamodb";

/** Brings back the rows of a copy that its table lacks. What is there is newer, and stays: doing this twice is safe. */
export const bringRows = async (
  dynamodb: DynamoDBDocumentClient,
  table: string,
  copy: string,
): Promise<{ looked: number; brought: number }> => {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }));
  const key = Table?.KeySchema?.find(({ KeyType }) => KeyType === "HASH")?.AttributeName ?? "";
  let looked = 0;
  let brought = 0;
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page: ScanCommandOutput = await dynamodb.send(
      new ScanCommand({ TableName: copy, ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
    );
    for (const Item of page.Items ?? []) {
      looked++;
      const there = await dynamodb
        .send(
          new PutCommand({
            TableName: table,
            Item,
            ConditionExpression: "attribute_not_exists(#key)",
            ExpressionAttributeNames: { "#key": key },
          }),
        )
        .then(
          () => false,
          (error: Error) => {
            if (error.name === "ConditionalCheckFailedException") return true;
            throw error;
          },
        );
      if (!there) brought++;
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return { looked, brought };
};
