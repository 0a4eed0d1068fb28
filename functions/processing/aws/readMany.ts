import { type AttributeValue, BatchGetItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Run } from "../consume/run";
import { Failure } from "../failure";
import { limits } from "../limits";
import { plainDynamodb } from "./dynamodb";

export type Key = Record<string, string>;

const written = (key: Key): Record<string, AttributeValue> => {
  const values: Record<string, AttributeValue> = {};
  for (const name in key) values[name] = { S: key[name] ?? "" };
  return values;
};

/** Reads rows by their keys, which must differ, however many there are. What is not there is not among the answers. */
export const readMany = async (
  table: string,
  keys: readonly Key[],
  /** Undefined for all of them. */
  attributes: readonly string[] | undefined,
  run: Run,
  { consistent = false }: { consistent?: boolean } = {},
): Promise<Record<string, unknown>[]> => {
  const found: Record<string, unknown>[] = [];
  const names = attributes && Object.fromEntries(attributes.map((name, at) => [`#${at}`, name]));
  for (let at = 0; at < keys.length; at += limits.batchGetItems) {
    let left = keys.slice(at, at + limits.batchGetItems).map(written);
    await run.call("BatchGetItem", "dynamodb", async () => {
      const { Responses, UnprocessedKeys } = await plainDynamodb().send(
        new BatchGetItemCommand({
          RequestItems: {
            [table]: {
              Keys: left,
              ...(names && {
                ProjectionExpression: Object.keys(names).join(", "),
                ExpressionAttributeNames: names,
              }),
              ...(consistent && { ConsistentRead: true }),
            },
          },
        }),
      );
      for (const row of Responses?.[table] ?? []) found.push(unmarshall(row));
      left = UnprocessedKeys?.[table]?.Keys ?? [];
      if (left.length > 0) throw new Failure("throttled", `${left.length} rows were not read`, { origin: "dynamodb" });
    });
  }
  return found;
};
