import { inBatches, throwIfFailed } from "../batch";
import type { Run } from "../consume/run";
import { type Category, causeOf, Failure, treatment } from "../failure";
import { metricNames } from "../observe/metrics";
import { jobIdParts } from "../work/job";
import { searchQueue } from "../work/names";
import { end, putBack, type TakenJob, takeMany } from "../work/queue";
import { articleEntry, companyEntries, type Entry, keyOf } from "./documents";
import { readArticles, readCompanies } from "./read";
import { type Written, writeEntries } from "./write";

/** Longer than an invocation can take: what its taker left behind is free again after this. */
const leaseMs = 330_000;
const jobsAtOnce = 100;
const updatesAtOnce = 8;
/** A round is not begun with less time than this. */
const roundMs = 30_000;
/** A document that the domain refuses is tried so often, at such intervals: a new mapping may be on its way. */
const attempts = 5;
const pauseMs = 10 * 60_000;

export interface Drained {
  written: number;
  /** Jobs that are done. */
  done: number;
  /** Jobs that lie in the queue again. */
  later: number;
  /** Jobs that were given up. */
  dead: number;
  /** Why it ended before the queue was empty, if it did. */
  stopped?: string | undefined;
}

interface Wanted {
  job: TakenJob;
  keys: string[];
}

/** What the jobs ask for, made from the rows as they are now. Two jobs of a company are one and the same work. */
const entriesOf = async (jobs: readonly TakenJob[], run: Run): Promise<{ wanted: Wanted[]; entries: Entry[] }> => {
  const subjects = jobs.map((job) => ({ job, ...jobIdParts(job) }));
  const isArticle = ({ task }: { task: string }) => task === "news";
  const hashes = [...new Set(subjects.filter(isArticle).map(({ assetId }) => assetId))];
  const symbols = [...new Set(subjects.filter((one) => !isArticle(one)).map(({ assetId }) => assetId))];
  const [articles, companies] = await Promise.all([readArticles(hashes, run), readCompanies(symbols, run)]);
  const entries = new Map<string, Entry>();
  const wanted = subjects.map(({ job, assetId, task }) => {
    const own =
      task === "news"
        ? [articleEntry(assetId, articles.get(assetId))]
        : companyEntries(assetId, companies.get(assetId));
    for (const entry of own) entries.set(keyOf(entry), entry);
    return { job, keys: own.map(keyOf) };
  });
  return { wanted, entries: [...entries.values()] };
};

const refusal = (keys: readonly string[], written: ReadonlyMap<string, Written>) => {
  for (const key of keys) {
    const outcome = written.get(key);
    if (outcome?.end === "refused") return { key, ...outcome };
  }
  return undefined;
};

/** Worth nothing to go on with now: what is waiting would meet the same. */
const passes = (category: Category): boolean => treatment[category].end === "redeliver";

/** Gives a job its end, or its place back. */
const conclude = async (
  { job, keys }: Wanted,
  written: ReadonlyMap<string, Written>,
  drained: Drained,
  run: Run,
): Promise<void> => {
  const refused = refusal(keys, written);
  if (!refused) {
    await end(job, "done", run);
    drained.done++;
    return;
  }
  const error = `${refused.key}: ${refused.reason}`;
  const passing = passes(refused.category);
  if (passing || job.attempts < attempts) {
    const notBefore = passing ? 0 : run.now() + pauseMs;
    await putBack(job, { counted: !passing, notBefore, error }, run);
    run.log.warn("a document was not taken, and will be tried again", {
      job: job.job_id,
      category: refused.category,
      reason: error,
    });
    drained.later++;
    return;
  }
  await end(job, "dead", run, error);
  run.meter.add(metricNames.deadLettered);
  run.log.error("a document was refused for good", { job: job.job_id, category: refused.category, reason: error });
  drained.dead++;
};

const putAllBack = async (jobs: readonly TakenJob[], run: Run): Promise<void> => {
  await inBatches(jobs, updatesAtOnce, (job) => putBack(job, { counted: false }, run));
};

/** One batch. False once the domain does not take anything: the jobs wait then. A missing permission is never passed over. */
const round = async (jobs: readonly TakenJob[], drained: Drained, run: Run): Promise<boolean> => {
  let written: Map<string, Written>;
  let wanted: Wanted[];
  try {
    const { entries, ...made } = await entriesOf(jobs, run);
    wanted = made.wanted;
    written = await writeEntries(entries, run);
  } catch (error) {
    await putAllBack(jobs, run);
    drained.later += jobs.length;
    if (!(error instanceof Failure && passes(error.category)) || error.category === "denied") throw error;
    run.log.warn("the search domain takes nothing; what is to be indexed waits", causeOf(error));
    drained.stopped = error.message;
    return false;
  }
  const outcomes = [...written.values()];
  drained.written += outcomes.filter(({ end: how }) => how !== "refused").length;
  const concluded = await inBatches(
    wanted,
    updatesAtOnce,
    (one) => conclude(one, written, drained, run),
    ({ job }) => job.job_id,
  );
  throwIfFailed(concluded, "jobs");
  const passing = outcomes.flatMap((one) => (one.end === "refused" && passes(one.category) ? [one] : []));
  const denied = passing.find(({ category }) => category === "denied");
  if (denied) throw new Failure("denied", denied.reason, { origin: "aws" });
  drained.stopped = passing[0]?.reason;
  return passing.length === 0;
};

/** Does everything that waits to be indexed, batch by batch, for as long as there is time. */
export const drain = async (run: Run): Promise<Drained> => {
  const drained: Drained = { written: 0, done: 0, later: 0, dead: 0 };
  for (;;) {
    if (run.remainingMs() < roundMs) return { ...drained, stopped: "no time left; the next run goes on" };
    const jobs = await takeMany(searchQueue, jobsAtOnce, leaseMs, run);
    if (jobs.length === 0) return drained;
    if (!(await round(jobs, drained, run))) return drained;
  }
};
