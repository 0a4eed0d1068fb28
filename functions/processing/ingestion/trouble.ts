import { classify } from "../aws/classify";
import { closeDay, pauseCalls } from "../budget/calls";
import { sendToDeadLetters } from "../consume/deadLetter";
import type { Outcome, Settled } from "../consume/outcome";
import type { Run } from "../consume/run";
import { causeOf, type Failure, treatment } from "../failure";
import { metricNames } from "../observe/metrics";
import { ProviderFailure } from "../providers/problem";
import { redactText } from "../redact";
import { backoff } from "../retry";
import type { TakenJob } from "../work/queue";
import { bury } from "./bury";
import { layBack } from "./finish";
import { ringAnew, ringLater } from "./ring";

/** Between attempts at one job. Short troubles were retried within the attempt already. */
const between = { attempts: 3, baseMs: 30_000, capMs: 300_000 };
const burstPauseMs = 2_000;

/** Back to its place, without having been tried: waiting is no failure. */
export const wait = async (job: TakenJob, inMs: number, why: string, run: Run): Promise<string> => {
  await layBack(job, "pending", { counted: false, notBefore: inMs > 0 ? run.now() + inMs : 0, error: why }, run);
  if (inMs > 0) await ringLater(job, inMs, run);
  return why;
};

const again = async (job: TakenJob, failure: Failure, run: Run): Promise<Settled> => {
  const own = between.baseMs + backoff(job.attempts, between, run.random);
  const pause = failure instanceof ProviderFailure ? failure.pauseMs(own, run.now()) : own;
  const error = redactText(failure.message);
  await layBack(job, "retrying", { counted: true, notBefore: run.now() + pause, error }, run);
  await ringLater(job, pause, run);
  run.log.warn("the job failed, and will be tried again", { attempt: job.attempts, pauseMs: pause, error: failure });
  return { said: `retrying: ${error}`, failure };
};

const end = async (job: TakenJob, failure: Failure, run: Run): Promise<Settled> => {
  await sendToDeadLetters(
    { body: ringAnew(job, run.now()), messageId: job.job_id, sentAt: job.enqueued_at },
    failure,
    "ingestion",
    run,
  );
  await bury(job, redactText(failure.message), run);
  run.meter.add(metricNames.deadLettered);
  run.log.error("the job failed for good", { job: job.job_id, ...causeOf(failure) });
  return { said: `failed: ${redactText(failure.message)}`, failure };
};

/** Gives a job that could not be done its next place: its turn again later, the queue, or the dead letters. */
export const afterTrouble = async (job: TakenJob, error: unknown, run: Run): Promise<Outcome> => {
  const failure = classify(error, "code");
  const said = failure instanceof ProviderFailure ? failure : undefined;
  if (said?.retryAt !== undefined) await pauseCalls(said.retryAt, run);
  if (said?.problem === "burst") {
    return wait(job, said.pauseMs(burstPauseMs, run.now()), "waiting: the provider wants a pause", run);
  }
  if (said?.problem === "spent") {
    await closeDay(run);
    return wait(job, 0, "waiting for tomorrow's budget of calls: the provider has no more for today", run);
  }
  if (failure.category === "denied") {
    await wait(job, 0, redactText(failure.message), run);
    throw failure;
  }
  const worthwhile = treatment[failure.category].end === "redeliver" && job.attempts < between.attempts;
  return worthwhile ? again(job, failure, run) : end(job, failure, run);
};
