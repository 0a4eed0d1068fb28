import type { Run } from "../consume/run";
import { serve } from "../http/api";
import type { Answer } from "../http/operation";
import { kinds, type Preferences, preferencesKey, preferencesSchema } from "../notices/kind";
import { changesOf } from "./changes";
import { commit, record } from "./commit";
import { getPreferences, preferencesView, putPreferences } from "./operations/preferences";
import { parseRow, readRow } from "./read";
import { notificationsTable } from "./row";
import { requireVersion, shown } from "./views";

type Tell = Record<(typeof kinds)[number], boolean>;

const everything = (tell: Preferences["tell"]): Tell =>
  Object.fromEntries(kinds.map((kind) => [kind, tell[kind] ?? true])) as Tell;

const read = async (owner: string, run: Run): Promise<Preferences | undefined> => {
  const row = await readRow(notificationsTable, { owner, notification_key: preferencesKey }, run);
  return row && parseRow(preferencesSchema, row);
};

const view = (row: Preferences | undefined): Answer =>
  row
    ? shown(200, preferencesView, { ...row, tell: everything(row.tell) } as { version: number })
    : { status: 200, body: { tell: everything({}), version: 0 } };

export const servedGetPreferences = serve(getPreferences, async ({ owner }, run) => view(await read(owner, run)));

export const servedPutPreferences = serve(putPreferences, async ({ owner, body, version, act, keep }, run) => {
  const before = await read(owner, run);
  requireVersion({ version: before?.version ?? 0 }, version, body.version);
  const tell = everything(body.tell);
  const changes = changesOf(everything(before?.tell ?? {}), tell, kinds);
  if (changes.length === 0) return view(before);
  const at = new Date(act.at).toISOString();
  const after: Preferences = {
    owner,
    notification_key: preferencesKey,
    tell,
    version: (before?.version ?? 0) + 1,
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
    change_id: act.changeId,
  };
  const told = view(after);
  const entry = record("notification.preferences_updated", `PREFERENCES#${owner}`, changes, act);
  await commit([{ rows: [{ table: notificationsTable, before, after }], tells: [entry] }], run, keep(told));
  return told;
});
