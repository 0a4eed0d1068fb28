import { transact } from "../aws/transact";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { derivedId } from "../events/derivedId";
import { searchQueue } from "../work/names";
import { enqueuingAnew } from "../work/queue";
import type { DataType } from "./dataTypes";
import { type Remade, type Reread, remake } from "./remake";
import { newHead, readHead, writeReports } from "./store";

export interface Kept {
  type: DataType;
  assetId: string;
  answers: readonly Reread[];
}

/** What is searched for of a company comes from its overview alone: it is indexed anew with it. */
const indexing = ({ type, assetId }: Kept, now: number) => {
  if (type !== "company_overview") return [];
  const id = derivedId("remade", assetId, now);
  const job = { queue: searchQueue, assetId, task: "assets", priority: "low", eventId: id, correlationId: id } as const;
  return [enqueuingAnew(job, now)];
};

/** Makes what is stored of one type of a company anew from the answers that are kept. Done twice, it changes nothing more. */
export const remakeStored = (kept: Kept, run: Run, { dryRun = false } = {}): Promise<Remade> =>
  overtaken(run, async () => {
    const { type, assetId, answers } = kept;
    const now = run.now();
    const known = await readHead(type, assetId, run);
    const remade = remake(known, assetId, answers, now);
    if (!remade.head || dryRun) return remade;
    await writeReports(type, remade.rows, run);
    await transact([newHead(type, remade.head, known), ...indexing(kept, now)], run);
    return remade;
  });
