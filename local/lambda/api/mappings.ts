import { AwsError, unsupported } from "../../cloud/awsError";
import { account, region } from "../../cloud/cloud";
import type { Operation } from "../../cloud/service";
import { boolean } from "../../gateway/conversion";
import { parseJsonBody, RestAnswer, type RestInput } from "../../gateway/restJson";
import type { Functions } from "../functions";
import type { Mapping } from "../mapping/mapping";
import { checkBatch } from "../mapping/queueSettings";
import type { MappingSettings } from "../mapping/settings";
import type { Mappings } from "../mappings";
import { onlyQuery, page } from "./page";
import { within } from "./wellFormed";

/** As AWS has it, -1 is no limit. */
const limit = (value: number): number => (Number.isFinite(value) ? value : -1);

const describeKind = (settings: MappingSettings): Record<string, unknown> => {
  if (settings.kind === "queue") {
    const { concurrency } = settings;
    return concurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency: concurrency } };
  }
  const { start, lanes, bisects, retries, maxAgeMs, onFailure } = settings;
  return {
    StartingPosition: start.position,
    ...(start.timestamp !== undefined && { StartingPositionTimestamp: start.timestamp / 1_000 }),
    ParallelizationFactor: lanes,
    BisectBatchOnFunctionError: bisects,
    MaximumRetryAttempts: limit(retries),
    MaximumRecordAgeInSeconds: limit(maxAgeMs / 1_000),
    TumblingWindowInSeconds: 0,
    DestinationConfig: { OnFailure: onFailure === undefined ? {} : { Destination: onFailure } },
  };
};

const describe = ({ settings, target, arn, lastResult, modifiedAt }: Mapping): Record<string, unknown> => ({
  UUID: settings.uuid,
  EventSourceMappingArn: arn,
  EventSourceArn: settings.sourceArn,
  FunctionArn: target.arn,
  BatchSize: settings.batchSize,
  MaximumBatchingWindowInSeconds: settings.windowSeconds,
  FunctionResponseTypes: settings.reportsFailures ? ["ReportBatchItemFailures"] : [],
  State: settings.enabled ? "Enabled" : "Disabled",
  StateTransitionReason: "USER_INITIATED",
  LastModified: modifiedAt() / 1_000,
  LastProcessingResult: lastResult(),
  ...describeKind(settings),
  ...(settings.filterPatterns.length > 0 && {
    FilterCriteria: { Filters: settings.filterPatterns.map((Pattern) => ({ Pattern })) },
  }),
});

const invalid = (message: string): AwsError =>
  new AwsError("InvalidParameterValueException", message, 400, { Type: "User" });

const changesIn = (body: Buffer): { enabled: boolean | undefined; batchSize: number | undefined } => {
  const { Enabled, BatchSize, ...more } = parseJsonBody(body);
  const [unknown] = Object.keys(more);
  if (unknown) throw unsupported(`${unknown} of lambda:UpdateEventSourceMapping`);
  return {
    enabled: Enabled === undefined ? undefined : boolean(Enabled),
    batchSize: BatchSize === undefined ? undefined : within("batchSize", BatchSize, 1, 10_000),
  };
};

export const mappingOperations = (mappings: Mappings, functions: Functions): Record<string, Operation> => {
  const on = (action: string, run: (mapping: Mapping, input: RestInput) => unknown): Operation => ({
    access: ({ path }: RestInput) => ({
      action: `lambda:${action}`,
      resource: `arn:aws:lambda:${region}:${account}:event-source-mapping:${path["UUID"] ?? ""}`,
    }),
    run: (input: RestInput) => run(mappings.find(input.path["UUID"] ?? ""), input),
  });
  return {
    ListEventSourceMappings: {
      access: () => ({ action: "lambda:ListEventSourceMappings", resource: "*" }),
      run: ({ query }: RestInput) => {
        onlyQuery(query, "ListEventSourceMappings", ["EventSourceArn", "FunctionName", "Marker", "MaxItems"]);
        const source = query.get("EventSourceArn");
        const named = query.get("FunctionName");
        const target = named === null ? undefined : functions.find(named);
        const found = mappings
          .all()
          .filter((one) => source === null || one.settings.sourceArn === source)
          .filter((one) => target === undefined || one.target === target);
        const { items, ...rest } = page(found, query, 100);
        return { EventSourceMappings: items.map(describe), ...rest };
      },
    },
    GetEventSourceMapping: on("GetEventSourceMapping", describe),
    UpdateEventSourceMapping: on("UpdateEventSourceMapping", (mapping, { body }) => {
      const changes = changesIn(body);
      const { kind, batchSize, windowSeconds, sourceArn } = mapping.settings;
      const trouble =
        kind === "queue" ? checkBatch(changes.batchSize ?? batchSize, windowSeconds, sourceArn) : undefined;
      if (trouble) throw invalid(trouble);
      mapping.update(changes);
      return new RestAnswer(202, describe(mapping));
    }),
  };
};
