import { dayMs, dayOf } from "../day";
import type { Priority } from "../events/fields";
import { type DataType, dataTypes } from "../fundamentals/dataTypes";
import { byText } from "../order";
import { type Candidate, inOrder, judge, reasonOf } from "./candidate";
import type { StateView } from "./staleTypes";

export interface PlanInput {
  /** `earnings`: what is half done and what was reported. `regular`: everything, so it makes up for a missed round. */
  round: "earnings" | "regular";
  now: number;
  assets: readonly { assetId: string; status: string; listedSince?: string | undefined }[];
  states: ReadonlyMap<string, StateView>;
  calendar: readonly { assetId: string; earningsDate: string; status: string; fiscalDateEnding?: string | undefined }[];
  watchlist: readonly string[];
  /** What the day's budget still has for fundamentals. */
  remainingCalls: number;
  /** What is queued already: it will be paid from the same budget. */
  openJobs: readonly { assetId: string; dataType: DataType }[];
}

export interface Resumed {
  assetId: string;
  dataTypes: DataType[];
  reason: string;
}

export interface Picked extends Resumed {
  priority: Priority;
}

export interface Skipped {
  assetId: string;
  reason: string;
}

export interface Plan {
  resumed: Resumed[];
  picks: Picked[];
  /** With the resumed and the picked: every asset that the planner was told of, exactly once. */
  skipped: Skipped[];
  callsPlanned: number;
}

/** An older report is no news: the asset waits its turn with the others. */
const reportedWithinDays = 14;

const group = <Row extends { assetId: string }, Value>(rows: readonly Row[], value: (row: Row) => Value) => {
  const groups = new Map<string, Set<Value>>();
  for (const row of rows) groups.set(row.assetId, (groups.get(row.assetId) ?? new Set()).add(value(row)));
  return groups;
};

/** Those of days that are over: in the morning nobody has reported yet, and a company is not to be paid for twice. */
const openReports = ({ calendar, now }: PlanInput): Map<string, Set<string>> => {
  const [from, today] = [dayOf(now - reportedWithinDays * dayMs), dayOf(now)];
  const open = calendar.filter(
    ({ status, earningsDate }) => status === "scheduled" && from <= earningsDate && earningsDate < today,
  );
  return group(open, ({ earningsDate }) => earningsDate);
};

const calls = (count: number): string => `${count} ${count === 1 ? "call" : "calls"}`;

interface Outcome<Done> {
  done: Done[];
  skipped: Skipped[];
  room: number;
}

/** Half-done assets, those first that need least. Where not all of one fits, a part still brings it closer to its end. */
const resume = (half: readonly Pick<Resumed, "assetId" | "dataTypes">[], budget: number): Outcome<Resumed> => {
  const outcome: Outcome<Resumed> = { done: [], skipped: [], room: budget };
  const order = half.toSorted((a, b) => a.dataTypes.length - b.dataTypes.length || byText(a.assetId, b.assetId));
  for (const { assetId, dataTypes: open } of order) {
    const affordable = open.slice(0, outcome.room);
    if (affordable.length > 0) {
      const reason = `half done: ${affordable.length} of ${calls(open.length)} that are queued`;
      outcome.done.push({ assetId, dataTypes: affordable, reason });
      outcome.room -= affordable.length;
    } else {
      outcome.skipped.push({ assetId, reason: `half done, waits for ${calls(open.length)}: the budget has none left` });
    }
  }
  return outcome;
};

/** An asset is picked with all that is due of it, or not at all: a smaller one may still fit. */
const pick = (candidates: readonly Candidate[], budget: number): Outcome<Picked> => {
  const outcome: Outcome<Picked> = { done: [], skipped: [], room: budget };
  for (const candidate of candidates.toSorted(inOrder)) {
    const { assetId, dataTypes: due, priority } = candidate;
    if (due.length <= outcome.room) {
      outcome.done.push({ assetId, dataTypes: due, priority, reason: reasonOf(candidate) });
      outcome.room -= due.length;
    } else {
      outcome.skipped.push({ assetId, reason: `needs ${calls(due.length)}, the budget has ${outcome.room} left` });
    }
  }
  return outcome;
};

/** Decides what a round fetches: pure, and the same in whatever order its input comes. */
export const plan = (input: PlanInput): Plan => {
  const { round, now, states } = input;
  const assets = new Map(input.assets.map((asset) => [asset.assetId, asset]));
  const reports = openReports(input);
  const watched = new Set(input.watchlist);
  const jobs = group(input.openJobs, ({ dataType }) => dataType);

  const half: Pick<Resumed, "assetId" | "dataTypes">[] = [];
  const candidates: Candidate[] = [];
  const skipped: Skipped[] = [...new Set([...watched, ...jobs.keys()])]
    .filter((assetId) => !assets.has(assetId))
    .map((assetId) => ({ assetId, reason: "not in the universe" }));

  for (const { assetId, status, listedSince } of assets.values()) {
    const open = jobs.get(assetId);
    if (status !== "active") {
      skipped.push({ assetId, reason: "not active" });
    } else if (open) {
      half.push({ assetId, dataTypes: dataTypes.filter((type) => open.has(type)) });
    } else {
      const reportDays = [...(reports.get(assetId) ?? [])].sort(byText);
      const state = states.get(assetId);
      const judged = judge(assetId, { round, now, state, reportDays, watched: watched.has(assetId), listedSince });
      if (typeof judged === "string") skipped.push({ assetId, reason: judged });
      else candidates.push(judged);
    }
  }

  const budget = Math.max(0, Math.floor(input.remainingCalls));
  const resumed = resume(half, budget);
  const picked = pick(candidates, resumed.room);
  return {
    resumed: resumed.done,
    picks: picked.done,
    skipped: [...skipped, ...resumed.skipped, ...picked.skipped].sort((a, b) => byText(a.assetId, b.assetId)),
    callsPlanned: budget - picked.room,
  };
};
