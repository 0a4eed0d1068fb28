import { BatchWriteCommand, type BatchWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Run } from "../consume/run";
import { Failure } from "../failure";
import { limits } from "../limits";
import { dynamodb } from "./dynamodb";
import { gathered, loads, type Waiting } from "./together";

type Item = Record<string, unknown>;
type Requests = NonNullable<BatchWriteCommandInput["RequestItems"]>[string];

interface Putting {
  items: readonly Item[];
  run: Run;
}

type Load = readonly Waiting<Putting, void>[];

/** What DynamoDB leaves undone of a call is asked for again. */
const send = async (table: string, items: readonly Item[], run: Run): Promise<void> => {
  let left: Requests = items.map((Item) => ({ PutRequest: { Item } }));
  await run.call("BatchWriteItem", "dynamodb", async () => {
    const { UnprocessedItems } = await dynamodb().send(new BatchWriteCommand({ RequestItems: { [table]: left } }));
    left = UnprocessedItems?.[table] ?? [];
    if (left.length > 0) throw new Failure("throttled", `${left.length} rows were not written`, { origin: "dynamodb" });
  });
};

const putLoad = async (table: string, load: Load): Promise<void> => {
  const [first] = load;
  if (!first) return;
  const items = load.flatMap(({ asked }) => asked.items);
  try {
    for (let at = 0; at < items.length; at += limits.batchWriteItems) {
      await send(table, items.slice(at, at + limits.batchWriteItems), first.asked.run);
    }
    for (const { resolve } of load) resolve();
  } catch (error) {
    // One of them is no good, and nobody says which.
    const divides = load.length > 1 && error instanceof Failure && error.category === "permanent";
    if (divides) await Promise.all(load.map((one) => putLoad(table, [one])));
    else for (const { reject } of load) reject(error);
  }
};

/**
 * Puts rows into a table, whatever was there. Those who do so side by side share a call: no two of them may put the same
 * row. May be cut off between rows.
 */
export const puttingTogether = (tableOf: () => string): ((items: readonly Item[], run: Run) => Promise<void>) => {
  const ask = gathered<Putting, void>((waiting) => {
    const table = tableOf();
    for (const load of loads(waiting, ({ asked }) => [asked.items.length], [limits.batchWriteItems])) {
      void putLoad(table, load);
    }
  });
  return async (items, run) => {
    if (items.length > 0) await ask({ items, run });
  };
};
