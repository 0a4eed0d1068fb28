import { createHash } from "node:crypto";
import {
  DescribeExecutionCommand,
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
import { Failure } from "../failure";

export type AnalysisNeeded = PlatformEvent<typeof analysisNeeded>;

const sfn = once(() => new SFNClient(clientSettings));

/** An execution that failed is tried anew under another name, so often. */
const most = 5;

const chunks = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));

const batchIdOf = ({ eventId }: AnalysisNeeded, at: number): string =>
  createHash("sha256")
    .update(JSON.stringify([eventId, at]))
    .digest("hex")
    .slice(0, 40);

/** True if it was started now, false if there is one of this name. */
const startNamed = async (name: string, input: unknown, run: Run): Promise<boolean> =>
  run.call("StartExecution", "aws", async () => {
    try {
      await sfn().send(
        new StartExecutionCommand({
          stateMachineArn: env("ANALYSIS_WORKFLOW_ARN"),
          name,
          input: JSON.stringify(input),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return false;
      throw error;
    }
  });

const statusOf = async (name: string, run: Run): Promise<ExecutionStatus | undefined> => {
  const executionArn = `${env("ANALYSIS_WORKFLOW_ARN").replace(":stateMachine:", ":execution:")}:${name}`;
  const { status } = await run.call("DescribeExecution", "aws", () =>
    sfn().send(new DescribeExecutionCommand({ executionArn })),
  );
  return status;
};

const isGood = (status: ExecutionStatus | undefined): boolean => status === "RUNNING" || status === "SUCCEEDED";

/** One execution a batch, named after it: a second start of the same finds the first, unless that one failed. */
const startBatch = async (batchId: string, input: unknown, run: Run): Promise<"started" | "running or done"> => {
  for (let attempt = 1; attempt <= most; attempt++) {
    const name = attempt === 1 ? batchId : `${batchId}-${attempt}`;
    if (await startNamed(name, input, run)) return "started";
    if (isGood(await statusOf(name, run))) return "running or done";
    run.log.warn("an execution of this batch has failed, it is started anew", { name, attempt });
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
    const { correlationId } = event;
    const input = { assetIds: batch, batchId, analysisType, requestedAt, correlationId };
    if ((await startBatch(batchId, input, run)) === "started") started++;
  }
  return `${started} of ${batches.length} batches started, ${batches.length - started} were under way or done`;
};
