import * as v from "valibot";
import { accountDeleted } from "../events/accountDeleted";
import type { PlatformEvent } from "../events/definition";
import { fileProcessed } from "../events/fileProcessed";
import { transactionsDeleted } from "../events/transactionsDeleted";
import { rowEntries } from "../ledger/row";

/** What people are told of. */
export const toldEvents = [fileProcessed, transactionsDeleted, accountDeleted];

export type ToldEvent = PlatformEvent<(typeof toldEvents)[number]>;

export const kinds = [fileProcessed.type, transactionsDeleted.type, accountDeleted.type] as const;
export type Kind = (typeof kinds)[number];

export const isKind = (type: string): type is Kind => kinds.some((kind) => kind === type);

/** A person's wishes. Whoever has said nothing is told everything. */
export const preferencesSchema = v.object({
  ...rowEntries,
  notification_key: v.string(),
  /** By kind, whether to tell of it; a kind that is not named is told. */
  tell: v.record(v.picklist(kinds), v.optional(v.boolean())),
});

export type Preferences = v.InferOutput<typeof preferencesSchema>;

/** The row beside those of the events. */
export const preferencesKey = "PREFERENCES";
