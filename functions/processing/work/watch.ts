import { callsStanding } from "../budget/calls";
import type { Run } from "../consume/run";
import { metricNames } from "../observe/metrics";
import { type Calls, figuresOf, type QueueFigures } from "./figures";
import type { Job } from "./job";
import { ingestionQueue } from "./names";
import { openJobs } from "./queue";

/** Without a key nobody makes calls, and nothing is late for want of them. */
const noCalls: Calls = { left: 0, lastAt: 0, renewedAt: 0 };

const isKeySet = (): boolean => process.env["PROVIDERS_ASKED"] !== undefined;

/** Looks at the work that is to be done for companies' data, and measures it. */
export const watchQueue = async (run: Run): Promise<QueueFigures> => {
  const calls = isKeySet() ? await callsStanding("fundamentals", run) : noCalls;
  const jobs: Job[] = [];
  for await (const job of openJobs(ingestionQueue, run)) jobs.push(job);
  const figures = figuresOf(jobs, calls, run.now());
  run.meter.add(metricNames.jobsEnqueued, figures.enqueued);
  run.meter.add(metricNames.jobsStarted, figures.started);
  run.meter.add(metricNames.jobsEnqueuedAge, figures.enqueuedAge);
  run.meter.add(metricNames.jobsStartedAge, figures.startedAge);
  run.meter.add(metricNames.jobsDelay, figures.delay);
  return figures;
};
