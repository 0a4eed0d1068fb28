import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Run } from "../consume/run";
import { Failure } from "../failure";
import { limits } from "../limits";
import { classify } from "./classify";
import { dynamodb } from "./dynamodb";
import { gathered, loads, type Waiting } from "./together";
import { type TransactItem, transact } from "./transact";

interface Writing {
  items: readonly TransactItem[];
  run: Run;
  /** About how long the items are; together they must fit a transaction. */
  bytes: number;
}

type Load = readonly Waiting<Writing, void>[];

/** Of the 4 MB of a transaction, with room to spare for what was not counted. */
const mostBytes = 2 * 1_024 * 1_024;

const send = async (load: Load, { asked: { run } }: Waiting<Writing, void>): Promise<void> => {
  const items = load.flatMap(({ asked }) => asked.items);
  const [{ Put } = {}, ...others] = items;
  if (Put && others.length === 0) {
    // Alone it needs no transaction, which costs twice as much.
    await run.call("PutItem", "dynamodb", () => dynamodb().send(new PutCommand(Put)));
    return;
  }
  await transact(items, run);
};

interface Reason {
  Code?: string;
}

const isReason = ({ Code = "None" }: Reason): boolean => Code !== "None";

const name = "TransactionCanceledException";

/** What each of them would have heard if it had written alone; nothing at all where no item is named. */
const ownFailures = (failure: Failure, load: Load): Map<Waiting<Writing, void>, Failure> => {
  const { CancellationReasons = [] } = (failure.cause ?? {}) as { CancellationReasons?: Reason[] };
  const left = [...CancellationReasons];
  return new Map(
    load.flatMap((one) => {
      const own = left.splice(0, one.asked.items.length);
      if (!own.some(isReason)) return [];
      return [[one, classify(Object.assign(new Error(name), { name, CancellationReasons: own }), "dynamodb")]];
    }),
  );
};

/** Those that were refused hear of it, and the others are written all the same. */
const divide = async (load: Load, failure: Failure): Promise<void> => {
  const refused = ownFailures(failure, load);
  if (refused.size > 0) {
    for (const [{ reject }, own] of refused) reject(own);
    await writeLoad(load.filter((one) => !refused.has(one)));
    return;
  }
  // One of them is no good, and nobody says which. An outage, however, is no reason to ask as often as there are writers.
  if (failure.category === "permanent") await Promise.all(load.map((one) => writeLoad([one])));
  else for (const { reject } of load) reject(failure);
};

const writeLoad = async (load: Load): Promise<void> => {
  const [first] = load;
  if (!first) return;
  try {
    await send(load, first);
    for (const { resolve } of load) resolve();
  } catch (error) {
    if (load.length > 1 && error instanceof Failure) await divide(load, error);
    else for (const { reject } of load) reject(error);
  }
};

const ask = gathered<Writing, void>((waiting) => {
  const sizesOf = ({ asked: { items, bytes } }: Waiting<Writing, void>) => [items.length, bytes];
  for (const load of loads(waiting, sizesOf, [limits.transactionItems, mostBytes])) void writeLoad(load);
});

/**
 * Writes all of these items or, by a condition, none. Those who write side by side share a transaction, which is one call
 * instead of many: no two of them may write the same item, and a condition that fails fails only whose it is.
 */
export const writeTogether = async (items: readonly TransactItem[], run: Run, bytes = 0): Promise<void> => {
  if (items.length > 0) await ask({ items, run, bytes });
};
