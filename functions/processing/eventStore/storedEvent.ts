import type { Claim } from "./aside";

/** A row of the event store, as readers find it. */
export interface StoredEvent {
  event_id: string;
  event_type: string;
  event_version?: string;
  source: string;
  entity?: string;
  correlation_id: string;
  causation_id?: string;
  user_id?: string;
  /** ISO, in UTC, with milliseconds: sorts as it reads. */
  occurred_at: string;
  /**
   * `pending`: on its way to the bus. `published`: put there by us. `observed`: somebody else put it there. `recorded`: an
   * entry of the audit trail, never on the bus.
   */
  status: "pending" | "published" | "observed" | "recorded";
  /** As it travels, in JSON; an entry of the audit trail has none. */
  detail?: string;
  /** Instead of a detail that is too large for the row. */
  detail_claim?: Claim;
  changes?: { field: string; oldValue?: unknown; newValue?: unknown }[];
  [more: string]: unknown;
}
