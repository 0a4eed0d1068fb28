import { activeAmong } from "../assets/known";
import { reserveCall } from "../budget/calls";
import type { Outcome } from "../consume/outcome";
import type { Run } from "../consume/run";
import { Failure } from "../failure";
import type { DataType } from "../fundamentals/dataTypes";
import { publish } from "../outbox/publish";
import { alphaVantageAccess } from "../providers/access";
import { type AlphaVantageAccess, fetchFundamentals } from "../providers/alphaVantage";
import type { Answer } from "../providers/answer";
import { ProviderFailure } from "../providers/problem";
import { askKeeping, keptRaw, rawKey } from "../raw/keep";
import type { AssetState } from "../state/assetState";
import { moveType } from "../state/store";
import { jobId } from "../work/job";
import { ingestionQueue } from "../work/names";
import { type TakenJob, takeNext, takeThis } from "../work/queue";
import { type DataIngestionNeeded, ensureQueued } from "./ensureQueued";
import { type Stored, store } from "./store";
import { afterTrouble, wait } from "./trouble";

/** Longer than an invocation can take: a job whose taker is gone is free again after this. */
const leaseMs = 150_000;
/** A call that must wait for longer than this waits in the queue. */
const longestWaitMs = 5_000;

const assetOf = (job: TakenJob): string => job.asset_id.slice("ASSET#".length);

/** The answer that an earlier try at the job has kept, if one has. */
const keptAnswer = (job: TakenJob, key: string, run: Run) =>
  job.attempts > 1 ? keptRaw(key, run) : Promise.resolve(undefined);

interface Fetched {
  answer: Answer;
  /** The state as it was left, so that it need not be read again. */
  state: AssetState | undefined;
}

const begin = (job: TakenJob, run: Run): Promise<AssetState | undefined> =>
  moveType(assetOf(job), job.task as DataType, "processing", run);

/** Fetches what a job asks for, within the budget of calls. A text says what it waits for. */
const fetch = async (job: TakenJob, key: string, access: AlphaVantageAccess, run: Run): Promise<Fetched | string> => {
  const reservation = await reserveCall("fundamentals", run);
  if (!reservation.granted) {
    const why = `waiting for the budget of calls until ${new Date(reservation.until).toISOString()}`;
    return wait(job, 0, why, run);
  }
  const { waitMs, giveBack } = reservation;
  if (waitMs > Math.min(longestWaitMs, run.remainingMs() / 2)) {
    await giveBack();
    return wait(job, waitMs, "waiting for its turn to call", run);
  }
  let state: AssetState | undefined;
  try {
    [state] = await Promise.all([begin(job, run), run.sleep(waitMs)]);
  } catch (error) {
    await giveBack();
    throw error;
  }
  const ask = () => fetchFundamentals(job.task as DataType, assetOf(job), access, run);
  try {
    return { answer: await askKeeping(key, ask, run), state };
  } catch (error) {
    if (error instanceof ProviderFailure && error.neverMade) await giveBack();
    throw error;
  }
};

/** Calls are too few to be spent on what is not traded, or on a name that somebody made up. */
const requireListed = async (assetId: string, run: Run): Promise<void> => {
  if ((await activeAmong([assetId], run)).size === 0) {
    throw new Failure("permanent", `detail.assetId ${assetId} is not an active company that we know`, {
      origin: "input",
      field: "detail.assetId",
    });
  }
};

const work = async (job: TakenJob, access: AlphaVantageAccess, run: Run): Promise<Outcome> => {
  const key = rawKey("alphavantage", `${job.task}/${assetOf(job)}`, job.event_id);
  let stored: Stored;
  try {
    await requireListed(assetOf(job), run);
    const kept = await keptAnswer(job, key, run);
    const fetched = kept ? { answer: kept, state: await begin(job, run) } : await fetch(job, key, access, run);
    if (typeof fetched === "string") return fetched;
    stored = await store(job, { ...fetched, rawKey: key }, run);
  } catch (error) {
    return afterTrouble(job, error, run);
  }
  // The job has ended: whatever happens to its events now, it is not done again. The sweeper publishes what stays pending.
  await publish(stored.rows, run);
  return stored.said;
};

/**
 * A doorbell has rung: the most urgent job is done, whichever that is. The bell is answered once that job has an end,
 * or lies in its place again; waiting for a call is no failure and costs no delivery.
 */
export const ingest = async (
  event: DataIngestionNeeded,
  run: Run,
  findAccess = alphaVantageAccess,
): Promise<Outcome> => {
  const own = await ensureQueued(event, run);
  const access = await findAccess(run);
  if (!access) return "waiting: no key for AlphaVantage is set";
  const { assetId, dataType: task } = event.payload;
  const next = await takeNext(ingestionQueue, jobId({ queue: ingestionQueue, assetId, task }), leaseMs, run);
  const job = next ?? (own && (await takeThis(own, leaseMs, run)));
  if (!job) return "nothing waits";
  run.log.appendKeys({ job: job.job_id });
  return work(job, access, run);
};
