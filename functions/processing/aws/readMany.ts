import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import type { Run } from "../consume/run";
import { Failure } from "../failure";
import { limits } from "../limits";
import { dynamodb } from "./dynamodb";

export type Key = Record<string, string>;

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
    let left = keys.slice(at, at + limits.batchGetItems);
    await run.call("BatchGetItem", "dynamodb", async () => {
      const { Responses, UnprocessedKeys } = await dynamodb().send(
        new BatchGetCommand({
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
      found.push(...(Responses?.[table] ?? []));
      left = (UnprocessedKeys?.[table]?.Keys ?? []) as Key[];
      if (left.length > 0) throw new Failure("throttled", `${left.length} rows were not read`, { origin: "dynamodb" });
    });
  }
  return found;
};
