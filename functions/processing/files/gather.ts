import { classify } from "../aws/classify";
import type { Run } from "../consume/run";
import { derivedId } from "../events/derivedId";
import { Failure } from "../failure";
import { mostBadLines } from "../ledger/file";
import { type Import, storeTransactions } from "../ledger/imports/store";
import type { NewTransaction } from "../ledger/transaction";
import { limits } from "../limits";
import { likeness } from "../statements/identity";
import { read } from "../statements/read";
import type { BadLine, Entry, StatementSource } from "../statements/statement";
import type { Survey } from "../statements/survey";
import { advanced, type Progress } from "./progress";

/** As many as one transaction has room for, beside the entry that tells of them. */
const chunkEntries = limits.transactionItems - 1;
/** Chunks on their way at once: enough to hide the latency, few enough not to be throttled. */
const chunksAtOnce = 6;
const roundEntries = chunkEntries * chunksAtOnce;
/** What a round takes at the very most, with every retry, and what there is to do after it. */
const roundMs = 45_000;

const noTime = (): Failure => new Failure("unavailable", "no time left in this invocation");

/** What the file itself says, counted anew whenever it is read. */
export interface Tally {
  badLines: BadLine[];
  badLineCount: number;
  remarks: number;
  startDate?: string;
  endDate?: string;
}

export interface Gathered {
  progress: Progress;
  tally: Tally;
  /** `interrupted`: time ran out, or a service refused; the rest is for the next invocation. */
  end: "done" | { interrupted: Failure };
}

/** Entries that a bank itself calls the same are one; that it lists them twice makes them no more. */
const isRepeated = ({ bankId, occurrence }: Entry): boolean => bankId !== undefined && occurrence > 0;

/** Without an account there is nothing in which two files could overlap. */
const transactionOf = (entry: Entry, { file }: Import): NewTransaction => {
  const { date, amount, currency, description, bankId, occurrence } = entry;
  const scope = file.accountId ?? file.fileId;
  return {
    transactionId: derivedId("transaction", file.owner, scope, likeness(entry), bankId === undefined ? occurrence : 0),
    date,
    amount,
    currency,
    description: description || "-",
    ...(bankId !== undefined && { reference: bankId }),
  };
};

const storeRound = async (entries: readonly Entry[], from: Progress, reading: Import, run: Run): Promise<Progress> => {
  const fresh = entries.filter((entry) => !isRepeated(entry)).map((entry) => transactionOf(entry, reading));
  const chunks = Array.from({ length: Math.ceil(fresh.length / chunkEntries) }, (_, at) =>
    fresh.slice(at * chunkEntries, (at + 1) * chunkEntries),
  );
  const results = await Promise.all(chunks.map((chunk) => storeTransactions(chunk, reading, run)));
  const stored = results.flatMap((result) => result.stored);
  const known = results.reduce((sum, { duplicates }) => sum + duplicates.length, 0);
  return advanced(from, entries.length, stored, known + entries.length - fresh.length);
};

const noteEntry = (tally: Tally, { date }: Entry): void => {
  if (tally.startDate === undefined || date < tally.startDate) tally.startDate = date;
  if (tally.endDate === undefined || date > tally.endDate) tally.endDate = date;
};

/**
 * Stores a file's entries round by round, from where an earlier invocation came to. It stops between rounds, and tells how
 * far it came, where it has no time for another or one could not be stored.
 */
export const gather = async (
  source: StatementSource,
  survey: Survey,
  since: Progress,
  reading: Import,
  run: Run,
): Promise<Gathered> => {
  const tally: Tally = { badLines: [], badLineCount: 0, remarks: 0 };
  let progress = since;
  let waiting: Entry[] = [];
  let met = 0;
  const storeWaiting = async (): Promise<void> => {
    const round = waiting;
    waiting = [];
    progress = await storeRound(round, progress, reading, run);
  };
  try {
    for await (const { entries, badLines, remarks } of read(source, survey)) {
      tally.badLineCount += badLines.length;
      tally.badLines.push(...badLines.slice(0, mostBadLines - tally.badLines.length));
      tally.remarks += remarks;
      for (const entry of entries) {
        noteEntry(tally, entry);
        met++;
        if (met <= since.entries) continue;
        waiting.push(entry);
        if (waiting.length < roundEntries) continue;
        if (run.remainingMs() < roundMs) return { progress, tally, end: { interrupted: noTime() } };
        await storeWaiting();
      }
    }
    if (waiting.length > 0) await storeWaiting();
  } catch (error) {
    return { progress, tally, end: { interrupted: classify(error, "code") } };
  }
  return { progress, tally, end: "done" };
};
