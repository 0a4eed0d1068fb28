import type { Cloud, Message } from "../cloud/cloud";
import { Journal } from "../cloud/journal";
import type { Service } from "../cloud/service";
import type { Files } from "../engine/archive";
import type { Principal } from "../iam/principal";
import { functionOperations } from "./api/functions";
import { invokeOperation } from "./api/invoke";
import { mappingOperations } from "./api/mappings";
import { protocol } from "./api/routes";
import { createAsynchronous } from "./asynchronous";
import type { InvocationResult } from "./contract";
import type { EventSource } from "./eventSource";
import type { LambdaFunction, Surroundings } from "./function";
import { createFunctions } from "./functions";
import type { Health } from "./health";
import { declareInvocation } from "./invocation";
import { declareInvokeConfig } from "./invokeConfig";
import { KeptCheckpoints } from "./keptCheckpoints";
import { KeptInvocations } from "./keptInvocations";
import type { MappingStats } from "./mapping/mapping";
import { createMappings } from "./mappings";
import { checkPayload } from "./payload";
import type { PoolStats } from "./pool";
import { declareRecursionConfig } from "./recursionConfig";
import type { StreamSource } from "./streamSource";

export interface LambdaStats {
  functions: Record<string, PoolStats & Health>;
  /** By the function that the mapping invokes, and the queue or the stream. */
  mappings: (MappingStats & { function: string; source: string })[];
  /** Asynchronous events that are not done with. */
  waitingEvents: number;
}

export interface Lambda extends Service {
  /** For services that invoke a function and wait for what it answers. */
  invoke: (
    functionNameOrArn: string,
    payload: Buffer,
    options: { from: Principal; traceId?: string },
  ) => Promise<InvocationResult>;
  /** New invocations run this code; those under way finish with the old. */
  replaceCode: (functionName: string, files: Files) => Promise<void>;
  /** Runs what an earlier process accepted; to be called once all functions are declared, with how they end. */
  resume: () => void;
  stats: () => LambdaStats;
}

export interface LambdaDependencies extends Surroundings {
  source: EventSource;
  /** @default there are none */
  streams?: StreamSource;
  /** Where accepted asynchronous invocations are kept. @default nowhere */
  journal?: string;
  /** Where it is kept how far functions are with their streams. @default nowhere */
  checkpoints?: string;
}

export const createLambda = (
  cloud: Cloud,
  { source, streams, journal, checkpoints, ...surroundings }: LambdaDependencies,
): Lambda => {
  const functions = createFunctions(cloud, surroundings);
  const reached = new KeptCheckpoints(checkpoints === undefined ? undefined : new Journal(checkpoints));
  const mappings = createMappings(cloud, { queues: source, streams, kept: reached }, functions.find);
  const kept = new KeptInvocations(journal === undefined ? undefined : new Journal(journal));
  const asynchronous = createAsynchronous(cloud, kept);

  const authorised = (functionNameOrArn: string, from: Principal): LambdaFunction => {
    const target = functions.find(functionNameOrArn);
    const policy = target.permissions.policy();
    cloud.authorise(from, { action: "lambda:InvokeFunction", resource: target.arn, policy });
    return target;
  };

  cloud.onDelivery("lambda", async ({ to, body, from, trial = false }: Message) => {
    const target = authorised(to, from);
    if (trial) return;
    const payload = Buffer.from(body);
    checkPayload(payload, "Event");
    asynchronous.accept(target, payload, { invoker: from.name });
  });

  return {
    signingName: "lambda",
    protocol,
    operations: {
      Invoke: invokeOperation(functions, asynchronous),
      ...functionOperations(functions),
      ...mappingOperations(mappings, functions),
    },
    resources: {
      "aws:lambda/function:Function": functions.realise,
      "aws:lambda/permission:Permission": functions.permit,
      "aws:lambda/eventSourceMapping:EventSourceMapping": mappings.realise,
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (declared) =>
        declareInvokeConfig(cloud, functions.find, declared),
      "aws:lambda/functionRecursionConfig:FunctionRecursionConfig": (declared) =>
        declareRecursionConfig(functions.find, declared),
      "aws:lambda/invocation:Invocation": (declared) => declareInvocation(functions.find, declared),
    },
    invoke: async (functionNameOrArn, payload, { from, traceId }) => {
      const target = authorised(functionNameOrArn, from);
      checkPayload(payload, "RequestResponse");
      return target.invoke(payload, { invoker: from.name, traceId });
    },
    replaceCode: (functionName, files) => functions.find(functionName).replace(files),
    resume: () => asynchronous.resume(functions.all()),
    stats: () => ({
      functions: Object.fromEntries(functions.all().map((one) => [one.settings.name, one.stats()])),
      mappings: mappings.all().map((one) => ({
        function: one.target.settings.name,
        source: one.settings.sourceArn,
        ...one.stats(),
      })),
      waitingEvents: asynchronous.waiting(),
    }),
    reset: async () => {
      asynchronous.reset();
      await mappings.reset();
    },
    close: async () => {
      asynchronous.stop();
      const polling = mappings.close();
      await functions.close();
      await polling;
      kept.close();
      reached.close();
    },
  };
};
