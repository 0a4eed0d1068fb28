import { createHash } from "node:crypto";
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ExecutionAlreadyExists,
  type ExecutionStatus,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { clientSettings, once } from "../aws/client";
import type { Run } from "../consume/run";
import { env } from "../environment";
import type { analysisNeeded } from "../events/analysisNeeded";
import type { PlatformEvent } from "../events/definition";
import { causeOf, Failure } from "../failure";

export type AnalysisNeeded = PlatformEvent<typeof analysisNeeded>;

const sfn = once(() => new SFNClient(clientSettings));

/** An execution that failed is tried anew under another name, so often. */
const most = 5;

const chunks = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));

/** The same each time for a batch of an event, by where in it the batch stands. */
export const batchIdOf = ({ eventId }: Pick<AnalysisNeeded, "eventId">, at: number): string =>
  createHash("sha256")
    .update(JSON.stringify([eventId, at]))
    .digest("hex")
    .slice(0, 40);

const nameOf = (batchId: string, attempt: number): string => (attempt === 1 ? batchId : `${batchId}-${attempt}`);

/** Every name that a batch's executions may have, in the order in which they are tried. */
export const attemptsOf = (batchId: string): string[] =>
  Array.from({ length: most }, (_, at) => nameOf(batchId, at + 1));

/** True if it was started now, false if there is one of this name. */
const startNamed = async (name: string, input: string, run: Run): Promise<boolean> =>
  run.call("StartExecution", "aws", async () => {
    try {
      await sfn().send(
        new StartExecutionCommand({
          stateMachineArn: env("ANALYSIS_WORKFLOW_ARN"),
          name,
          input,
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return false;
      throw error;
    }
  });

const describe = async (name: string, run: Run): Promise<DescribeExecutionCommandOutput> => {
  const executionArn = `${env("ANALYSIS_WORKFLOW_ARN").replace(":stateMachine:", ":execution:")}:${name}`;
  return run.call("DescribeExecution", "aws", () => sfn().send(new DescribeExecutionCommand({ executionArn })));
};

const endOf = ({ status, error, cause }: DescribeExecutionCommandOutput): Failure =>
  new Failure("permanent", [status, error, cause].filter(Boolean).join(": "), { origin: "aws" });

const isGood = (status: ExecutionStatus | undefined): boolean => status === "RUNNING" || status === "SUCCEEDED";

/**
 * One execution a batch, named after it: a second start of the same finds the first. Where that one failed, it is started
 * anew with what it was told: a bare event that comes again has another time, and what is stored already has the first.
 */
const startBatch = async (batchId: string, told: string, run: Run): Promise<"started" | "running or done"> => {
  let input = told;
  for (let attempt = 1; attempt <= most; attempt++) {
    const name = nameOf(batchId, attempt);
    if (await startNamed(name, input, run)) return "started";
    const before = await describe(name, run);
    if (isGood(before.status)) return "running or done";
    input = before.input ?? input;
    run.log.warn("an execution of this batch has failed, it is started anew", {
      name,
      attempt,
      ...causeOf(endOf(before)),
    });
  }
  throw new Failure("permanent", `batch ${batchId} has failed ${most} times`, { origin: "aws" });
};

/** Starts the analysis of the companies that an event names, batch by batch. */
export const startAnalysis = async (event: AnalysisNeeded, run: Run): Promise<string> => {
  const { assetIds, batchSize, analysisType } = event.payload;
  const requestedAt = new Date(event.timestamp).toISOString();
  let started = 0;
  const batches = chunks(assetIds, batchSize);
  for (const [at, batch] of batches.entries()) {
    const batchId = batchIdOf(event, at);
    const { correlationId, eventId: causationId } = event;
    const input = { assetIds: batch, batchId, analysisType, requestedAt, correlationId, causationId };
    if ((await startBatch(batchId, JSON.stringify(input), run)) === "started") started++;
  }
  return `${started} of ${batches.length} batches started, ${batches.length - started} were under way or done`;
};
