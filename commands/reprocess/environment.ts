import { makeRun, type Run } from "../../functions/processing/consume/run";
import { dataTypes } from "../../functions/processing/fundamentals/dataTypes";
import { makeLogger } from "../../functions/processing/observe/log";
import { processRuntime } from "../../functions/processing/runtime";
import type { Platform } from "../platform";

/** All that is asked for goes to this endpoint, whatever the shell says of single services. */
const stayAt = (endpoint: string): void => {
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_ENDPOINT_URL_")) delete process.env[name];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  });
};

/** What the shared module finds in a function's environment: where the platform is, and how its tables are called. */
export const enter = ({ table, bucket }: Platform, endpoint: string | undefined): void => {
  if (endpoint !== undefined) stayAt(endpoint);
  Object.assign(process.env, {
    ...Object.fromEntries(dataTypes.map((type) => [`${type.toUpperCase()}_TABLE`, table(type.replaceAll("_", "-"))])),
    ASSETS_TABLE: table("assets"),
    NEWS_TABLE: table("news"),
    QUEUE_TRACKING_TABLE: table("queue-tracking"),
    RAW_ANSWERS_BUCKET: bucket("raw-answers"),
  });
};

const noMeter = { add: () => undefined, flush: () => undefined };

/** A run without an invocation: it has all the time that it needs, and reports to a person. */
export const commandRun = ({ now }: Platform): Run => {
  const log = makeLogger("reprocess");
  log.setLogLevel("SILENT");
  const invocation = { getRemainingTimeInMillis: () => Number.POSITIVE_INFINITY, awsRequestId: "reprocess" };
  return makeRun({ ...processRuntime, now }, log, noMeter, invocation);
};
