import { dayMs, dayOf } from "../day";
import type { Priority } from "../events/fields";
import type { DataType } from "../fundamentals/dataTypes";
import { byText } from "../order";
import { isOpen } from "../state/status";
import { dueTypes, freshForMs, momentOf, outdatedTypes, type StateView, staleTypes } from "./staleTypes";

/** An asset that a round may fetch, and what it is ordered by. */
export interface Candidate {
  assetId: string;
  /** What is stale of it, or soon will be. */
  dataTypes: DataType[];
  /** Nothing of it is stale that was not tried in vain within the day: it has what the others leave. */
  canWait: boolean;
  priority: Priority;
  /** The day of a report that something of it lacks. */
  reportedOn: string | undefined;
  /** What makes it urgent was tried already, and all of it failed. */
  hasFailed: boolean;
  tendedAt: string;
  listedSince: string | undefined;
}

export interface Circumstances {
  round: "earnings" | "regular";
  now: number;
  state: StateView | undefined;
  /** Days of reports that nobody has processed, in order. */
  reportDays: readonly string[];
  watched: boolean;
  listedSince: string | undefined;
}

/** A request that has led to nothing for this long is given up, and may be made again. */
const inWorkForMs = dayMs;

const isInWork = (state: StateView | undefined, now: number): boolean =>
  state !== undefined &&
  isOpen(state.status) &&
  Object.values(state.types).some(({ requested_at }) => now - (momentOf(requested_at) ?? 0) < inWorkForMs);

/**
 * When the type that has waited longest was last stored or asked for, empty where it never was. To ask counts as well, so
 * that what failed joins the end of the line. The state's moments order as text.
 */
const lastTended = (state: StateView | undefined, due: readonly DataType[]): string => {
  let longest: string | undefined;
  for (const type of due) {
    const { stored_at = "", requested_at = "" } = state?.types[type] ?? {};
    const tended = stored_at > requested_at ? stored_at : requested_at;
    if (longest === undefined || tended < longest) longest = tended;
  }
  return longest ?? "";
};

/** All of these were asked for, since the report came out where there is one, and could not be had. */
const allFailed = (state: StateView | undefined, types: readonly DataType[], reportedOn: string | undefined): boolean =>
  types.every((type) => {
    const { status, requested_at } = state?.types[type] ?? {};
    const askedAt = momentOf(requested_at);
    return status === "failed" && askedAt !== undefined && dayOf(askedAt) >= (reportedOn ?? "");
  });

const triedLately = (state: StateView | undefined, type: DataType, now: number): boolean => {
  const { status, requested_at } = state?.types[type] ?? {};
  return status === "failed" && now - (momentOf(requested_at) ?? 0) < freshForMs[type];
};

/** What speaks for fetching an active asset now, or the reason why nothing does. */
export const judge = (assetId: string, about: Circumstances): Candidate | string => {
  const { state, reportDays, now } = about;
  const latest = reportDays.at(-1);
  if (about.round === "earnings" && latest === undefined) return "has no open report: left to the regular round";
  if (isInWork(state, now)) return "being processed";
  const due = dueTypes(state, reportDays, now);
  if (due.length === 0) return latest === undefined ? "fresh" : `fresh, also after the report of ${latest}`;
  const outdated = outdatedTypes(state, reportDays, now);
  const reportedOn = outdated.length > 0 ? latest : undefined;
  if (about.round === "earnings" && reportedOn === undefined) {
    return `fetched since the report of ${latest}: left to the regular round`;
  }
  const stale = staleTypes(state, reportDays, now);
  // A report is tried for every day.
  const canWait = reportedOn === undefined && stale.every((type) => triedLately(state, type, now));
  const priority = reportedOn !== undefined ? "high" : about.watched ? "medium" : "low";
  const urgent = reportedOn !== undefined ? outdated : stale.length === 0 ? due : stale;
  return {
    assetId,
    dataTypes: due,
    canWait,
    priority,
    reportedOn,
    // What is not urgent has its turn in any case.
    hasFailed: priority !== "low" && allFailed(state, urgent, reportedOn),
    tendedAt: lastTended(state, due),
    listedSince: about.listedSince,
  };
};

/** Why a candidate is fetched, in words. */
export const reasonOf = ({ canWait, priority, reportedOn, hasFailed, tendedAt, listedSince }: Candidate): string => {
  const again = `${hasFailed ? ", failed before" : ""}${canWait ? ", can wait" : ""}`;
  if (priority === "high") return `reported on ${reportedOn}${again}`;
  if (priority === "medium") return `on the watchlist${again}`;
  if (tendedAt) return `its turn: nothing new since ${tendedAt}${again}`;
  return listedSince ? `not fetched in full yet, listed since ${listedSince}` : "not fetched in full yet";
};

const ranks: Record<Priority, number> = { high: 0, medium: 1, low: 2 };

/**
 * What is stale before what can wait: else a few urgent ones take all calls of every day. Then the more urgent first,
 * of these what has not failed yet, the younger report first, what has waited longer first.
 */
export const inOrder = (a: Candidate, b: Candidate): number =>
  Number(a.canWait) - Number(b.canWait) ||
  ranks[a.priority] - ranks[b.priority] ||
  Number(a.hasFailed) - Number(b.hasFailed) ||
  byText(b.reportedOn ?? "", a.reportedOn ?? "") ||
  byText(a.tendedAt, b.tendedAt) ||
  byText(a.assetId, b.assetId);
