import { inBatches, throwIfFailed } from "../../batch";
import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { readExperiment, unassigned } from "../enrich/enrich";
import { dayMs } from "../event";
import type { Memory } from "../memory";
import { endOf, hoursOf } from "../window";
import { type Compared, compareAll, shareOf } from "./compare";
import { describe, type VariantFigures } from "./describe";
import { addTally, emptyTally, readDay, readHour, shardsOf, type Tally, totalsOf } from "./read";
import type { ResultsRequest } from "./request";

export interface Results {
  experimentId: string;
  name?: string;
  status?: string;
  /** The first and the last day. */
  from: string;
  to: string;
  confidence: number;
  control?: string;
  total: (VariantFigures & { /** By goal, of the users who were exposed. */ rates: Record<string, Rate> })[];
  comparisons: Compared[];
  /** Such of them as have events, where hours or days were asked for. */
  windows?: { window: string; variants: VariantFigures[] }[];
}

export interface Rate {
  converted: number;
  exposed: number;
  rate: number;
}

const daysAtATime = 8;

const ratesOf = (tally: Tally, { variant, conversions }: VariantFigures): Record<string, Rate> =>
  Object.fromEntries(
    Object.keys(conversions).flatMap((goal) => {
      const { part, whole, standFor } = shareOf(tally, variant, goal);
      return whole === 0 ? [] : [[goal, { converted: part * standFor, exposed: whole * standFor, rate: part / whole }]];
    }),
  );

interface DayRead {
  day: string;
  shards: readonly number[];
  tally: Tally;
}

const readDays = async (request: ResultsRequest, { windows }: Memory, run: Run): Promise<DayRead[]> => {
  const { experimentId, days } = request;
  const read = new Map<string, DayRead>();
  const done = await inBatches(days, daysAtATime, async (day) => {
    const shards = await shardsOf(experimentId, day, run);
    read.set(day, { day, shards, tally: await readDay({ experimentId, day, shards }, windows, run) });
  });
  throwIfFailed(done, "days");
  return days.flatMap((day) => read.get(day) ?? []);
};

const listed = async (request: ResultsRequest, days: readonly DayRead[], run: Run): Promise<Results["windows"]> => {
  if (request.window === "total") return undefined;
  const found: { window: string; variants: VariantFigures[] }[] = [];
  if (request.window === "day") {
    for (const { day, tally } of days) found.push({ window: day, variants: describe(totalsOf(tally)) });
  } else {
    const keptMs = Number(env("EXPERIMENT_RETENTION_DAYS")) * dayMs;
    // Of an hour whose time is over, some entries may be gone and others not.
    for (const { day, shards } of days)
      for (const hour of hoursOf(day).filter((one) => endOf(one) + keptMs > run.now()))
        found.push({ window: hour, variants: describe(await readHour(request.experimentId, hour, shards, run)) });
  }
  return found.filter(({ variants }) => variants.length > 0);
};

const controlOf = (request: ResultsRequest, row: { control: string } | undefined, variants: readonly string[]) =>
  request.control ?? row?.control ?? variants.find((variant) => variant !== unassigned);

/** Everything that was counted up to now of these days, and what it says. */
export const results = async (request: ResultsRequest, memory: Memory, run: Run): Promise<Results> => {
  const { experimentId, days, confidence } = request;
  const [row, read] = await Promise.all([
    readExperiment(experimentId, memory.known, run),
    readDays(request, memory, run),
  ]);
  const tally = emptyTally();
  for (const one of read) addTally(tally, one.tally);
  const described = describe(totalsOf(tally));
  const variants = described.map(({ variant }) => variant);
  const control = controlOf(request, row, variants);
  const windows = await listed(request, read, run);
  const compared = variants.filter((variant) => variant !== unassigned);
  return {
    experimentId,
    ...(row && { name: row.name, status: row.status }),
    from: days[0] ?? "",
    to: days.at(-1) ?? "",
    confidence,
    ...(control !== undefined && { control }),
    total: described.map((one) => ({ ...one, rates: ratesOf(tally, one) })),
    comparisons: control === undefined ? [] : compareAll(tally, compared, control, confidence),
    ...(windows && { windows }),
  };
};
