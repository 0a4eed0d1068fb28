import { activeAmong } from "../assets/known";
import { remainingCalls, reserveCall } from "../budget/calls";
import type { Run } from "../consume/run";
import { Failure } from "../failure";
import type { DataType } from "../fundamentals/dataTypes";
import { ingestionQueue } from "../pollination/takeUp";
import { alphaVantageAccess } from "../providers/access";
import { type AlphaVantageAccess, fetchFundamentals } from "../providers/alphaVantage";
import type { Answer } from "../providers/answer";
import { keepRaw, keptRaw, rawKey } from "../raw/keep";
import { moveType } from "../state/store";
import { putBack, type TakenJob, takeNext } from "../work/queue";
import { type DataIngestionNeeded, ensureQueued } from "./ensureQueued";
import { store } from "./store";
import { afterTrouble } from "./trouble";

/** Longer than an invocation can take: a job whose taker is gone is free again after this. */
const leaseMs = 90_000;
/** A call that must wait for longer than this waits in the queue. */
const longestWaitMs = 5_000;

const assetOf = (job: TakenJob): string => job.asset_id.slice("ASSET#".length);

/** The answer that an earlier try at the job has kept, if one has. */
const keptAnswer = (job: TakenJob, key: string, run: Run) =>
  job.attempts > 1 ? keptRaw(key, run) : Promise.resolve(undefined);

/** Fetches what a job asks for, within the budget of calls. A text says what it waits for. */
const fetch = async (job: TakenJob, key: string, access: AlphaVantageAccess, run: Run): Promise<Answer | string> => {
  const type = job.task as DataType;
  const reservation = await reserveCall("fundamentals", run);
  if (!reservation.granted) {
    await putBack(job, { counted: false }, run);
    return `waiting for the budget of calls until ${new Date(reservation.until).toISOString()}`;
  }
  const { waitMs, giveBack } = reservation;
  if (waitMs > Math.min(longestWaitMs, run.remainingMs() / 2)) {
    await giveBack();
    return afterTrouble(job, { kind: "later", inMs: waitMs, why: "waiting for its turn to call" }, run);
  }
  try {
    await Promise.all([moveType(assetOf(job), type, "processing", run), run.sleep(waitMs)]);
  } catch (error) {
    await giveBack();
    throw error;
  }
  const answer = await fetchFundamentals(type, assetOf(job), access, run);
  await keepRaw(key, answer, run);
  return answer;
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

const work = async (job: TakenJob, access: AlphaVantageAccess, run: Run): Promise<string> => {
  const key = rawKey("alphavantage", `${job.task}/${assetOf(job)}`, job.event_id);
  try {
    await requireListed(assetOf(job), run);
    const kept = await keptAnswer(job, key, run);
    if (kept) await moveType(assetOf(job), job.task as DataType, "processing", run);
    const answer = kept ?? (await fetch(job, key, access, run));
    return typeof answer === "string" ? answer : await store(job, answer, key, run);
  } catch (error) {
    return afterTrouble(job, { kind: "failure", error }, run);
  }
};

/**
 * A doorbell has rung: the most urgent job is done, whichever that is. The bell is answered once that job has an end,
 * or lies in its place again; waiting for a call is no failure and costs no delivery.
 */
export const ingest = async (event: DataIngestionNeeded, run: Run): Promise<string> => {
  await ensureQueued(event, run);
  const access = await alphaVantageAccess(run);
  if (!access) return "waiting: no key for AlphaVantage is set";
  if ((await remainingCalls("fundamentals", run)) === 0) return "waiting for tomorrow's budget of calls";
  const job = await takeNext(ingestionQueue, leaseMs, run);
  if (!job) return "nothing waits";
  run.log.appendKeys({ job: job.job_id });
  return work(job, access, run);
};
