import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { classify } from "../../aws/classify";
import { dynamodb } from "../../aws/dynamodb";
import { s3 } from "../../aws/s3";
import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { Failure } from "../../failure";
import { reserveMs } from "../../retry";
import { readAccountRow, readFileRow } from "../read";
import { accountsTable, filesTable, type LedgerTable, unfinished } from "../row";
import { type Finished, finishAccount, finishFile } from "./finish";

const pageRows = 100;

interface Key {
  owner: string;
  id: string;
}

const removeContent =
  (run: Run) =>
  async ({ s3Key }: { s3Key: string }) => {
    await run.call("DeleteObject", "aws", () =>
      s3().send(new DeleteObjectCommand({ Bucket: env("UPLOADS_BUCKET"), Key: s3Key })),
    );
  };

interface Finisher {
  table: LedgerTable;
  finish: (key: Key, run: Run) => Promise<Finished>;
}

const finishers: readonly Finisher[] = [
  {
    table: accountsTable,
    finish: async ({ owner, id }, run) => {
      const account = await readAccountRow(owner, id, run);
      return account?.unfinished === undefined ? "done" : finishAccount(account, run);
    },
  },
  {
    table: filesTable,
    finish: async ({ owner, id }, run) => {
      const file = await readFileRow(owner, id, run);
      return file?.unfinished === undefined ? "done" : finishFile(file, removeContent(run), run);
    },
  },
];

/** What is unfinished, oldest first; a row that is read again later is found again. */
async function* unfinishedOf(table: LedgerTable, run: Run): AsyncGenerator<Key> {
  let start: Record<string, unknown> | undefined;
  do {
    const from = start;
    const answer = await run.call("Query", "dynamodb", () =>
      dynamodb().send(
        new QueryCommand({
          TableName: env(table.variable),
          IndexName: "unfinished",
          KeyConditionExpression: "unfinished = :unfinished",
          ExpressionAttributeValues: { ":unfinished": unfinished },
          Limit: pageRows,
          ...(from && { ExclusiveStartKey: from }),
        }),
      ),
    );
    for (const row of answer.Items ?? []) {
      yield { owner: String(row["owner"]), id: String(row[table.sort]).replace(/^[A-Z]+#/, "") };
    }
    start = answer.LastEvaluatedKey;
  } while (start);
}

export interface Kept {
  done: number;
  waiting: number;
  failed: number;
}

/** Brings to its end what requests and readings began. What cannot be ended now is met again by the next. */
export const keepUp = async (run: Run): Promise<Kept> => {
  const kept: Kept = { done: 0, waiting: 0, failed: 0 };
  let worst: Failure | undefined;
  for (const { table, finish } of finishers) {
    for await (const key of unfinishedOf(table, run)) {
      if (run.remainingMs() < 5 * reserveMs) return kept;
      try {
        kept[await finish(key, run)]++;
      } catch (error) {
        const failure = classify(error, "code");
        // Somebody changed it meanwhile: the next finds it as it is then.
        if (failure.conditionFailed) {
          kept.waiting++;
          continue;
        }
        run.log.error("it could not be brought to its end", { table: table.label, error: failure });
        kept.failed++;
        worst = failure;
      }
    }
  }
  if (worst)
    throw new Failure(worst.category, `${kept.failed} could not be brought to their end`, {
      cause: worst,
      origin: worst.origin,
    });
  return kept;
};
