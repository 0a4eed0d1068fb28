import type { Run } from "../../consume/run";
import { fileAssociated } from "../../events/fileAssociated";
import { serve } from "../../http/api";
import { notFound, Problem } from "../../http/problem";
import { type Act, commit, record, tell } from "../commit";
import { type File, fileRow, isBeingRead } from "../file";
import { associateFile, deleteFile, fileView } from "../operations/files";
import { readFile } from "../read";
import { filesTable, unfinished } from "../row";
import { accountStays } from "../standing";
import { requireAccount } from "../transactions/one";
import { moveTransactions } from "../upkeep/move";
import { removeTransactionsOfFile } from "../upkeep/remove";
import { gone, requireVersion, shown } from "../views";

/** A reading that has not come to its end in this time has been cut off. */
const longestReadingMs = 3_600_000;

const beingRead = (or: string): Problem =>
  new Problem(409, `The file is being read: wait until that has ended${or}.`, [], { "retry-after": "5" });

/** A reading that died may be taken up again: what the rest of it brings must belong to the account of what is stored. */
const requireNotBeingRead = (file: File): void => {
  if (isBeingRead(file)) throw beingRead(", or, if it does not end within an hour, delete the file");
};

/** In another account its bookings would not be known again, neither there nor where they come from. */
const requireNotReadForAnother = ({ readFor }: File, accountId: string): void => {
  if (readFor === undefined || readFor === accountId) return;
  throw new Problem(409, "The file was read for another account: delete it, and upload it again for this one.");
};

/** What is left of a reading that is cut off finds no file, and is seen by nobody. */
const requireAtRest = (file: File, now: number): void => {
  if (isBeingRead(file) && now - Date.parse(file.updatedAt) < longestReadingMs) throw beingRead("");
};

const next = (file: File, { at, changeId }: Act): File => ({
  ...file,
  version: file.version + 1,
  updatedAt: new Date(at).toISOString(),
  change_id: changeId,
});

/** What was read already moves with it: now as far as time allows, the rest by the upkeep. */
const moved = (file: File, accountId: string, act: Act): File => {
  const from = [...(file.movedFrom ?? []), ...(file.accountId === undefined ? [] : [file.accountId])];
  const movedFrom = [...new Set(from)].filter((one) => one !== accountId);
  return fileRow({ ...next(file, act), accountId, ...(file.importId !== undefined && { unfinished, movedFrom }) });
};

/** The change is made, whatever becomes of this: the upkeep brings it to its end. */
const soon = async (work: () => Promise<unknown>, run: Run): Promise<void> => {
  try {
    await work();
  } catch (error) {
    run.log.warn("left to the upkeep", { error });
  }
};

export const servedAssociateFile = serve(associateFile, async ({ owner, params, body, version, act, keep }, run) => {
  const before = await readFile(owner, params.fileId, run);
  if (!before) throw notFound();
  requireVersion(before, version, body.version);
  const { accountId } = body;
  if (before.accountId === accountId) return shown(200, fileView, before);
  requireNotBeingRead(before);
  requireNotReadForAnother(before, accountId);
  await requireAccount(owner, accountId, "#/accountId", run);
  const after = moved(before, accountId, act);
  const previous = before.accountId === undefined ? {} : { previousAccountId: before.accountId };
  const told = shown(200, fileView, after);
  const event = tell(
    fileAssociated,
    { fileId: after.fileId, accountId, ...previous },
    act,
    `${after.fileId}#${after.version}`,
  );
  const step = { rows: [{ table: filesTable, before, after }], tells: [event] } as const;
  await commit([step], run, [accountStays(owner, accountId), ...keep(told)]);
  await soon(() => moveTransactions(after, act, run), run);
  return told;
});

export const servedDeleteFile = serve(deleteFile, async ({ owner, params, version, act, keep }, run) => {
  const before = await readFile(owner, params.fileId, run);
  if (!before) throw notFound();
  requireVersion(before, version);
  requireAtRest(before, act.at);
  const after = fileRow({ ...next(before, act), status: "removing", unfinished });
  const entry = record("file.deleted", `FILE#${after.fileId}`, [], act, after.fileId);
  await commit([{ rows: [{ table: filesTable, before, after }], tells: [entry] }], run, keep(gone));
  await soon(() => removeTransactionsOfFile(after, act, run), run);
  return gone;
});
