import { AwsError, unsupported } from "../../cloud/awsError";
import type { Access } from "../../cloud/cloud";
import { notNull } from "../../cloud/constraint";
import type { Operation } from "../../cloud/service";
import { parseJsonBody, type RestInput } from "../../gateway/restJson";
import type { LambdaFunction } from "../function";
import { functionArn, parseFunctionName } from "../functionName";
import type { Functions } from "../functions";
import { configurationIn } from "./configuration";
import { onlyQuery, page } from "./page";
import { malformed, within } from "./wellFormed";

/** An action on the function that the path names, which the function's own policy may allow too. */
export const onFunction =
  (functions: Functions, action: string) =>
  ({ path }: RestInput): Access => {
    const resource = functionArn(parseFunctionName(path["FunctionName"] ?? ""));
    const policy = functions
      .all()
      .find(({ arn }) => arn === resource)
      ?.permissions.policy();
    return { action: `lambda:${action}`, resource, policy };
  };

const describe = ({ settings, arn, code }: LambdaFunction): Record<string, unknown> => {
  const { sha256, bytes, modifiedAt } = code();
  return {
    FunctionName: settings.name,
    FunctionArn: arn,
    Runtime: "nodejs24.x",
    Role: settings.roleArn,
    Handler: settings.handler,
    CodeSize: bytes,
    CodeSha256: sha256,
    Description: settings.description,
    Timeout: settings.timeoutSeconds,
    MemorySize: settings.memoryMb,
    LastModified: new Date(modifiedAt).toISOString().replace("Z", "+0000"),
    Version: "$LATEST",
    Environment: { Variables: settings.environment },
    TracingConfig: { Mode: settings.tracingMode },
    State: "Active",
    LastUpdateStatus: "Successful",
    PackageType: "Zip",
    Architectures: settings.architectures,
    LoggingConfig: {
      LogFormat: "JSON",
      ApplicationLogLevel: settings.logLevel,
      SystemLogLevel: "INFO",
      LogGroup: settings.logGroup,
    },
  };
};

const describeInvokeConfig = ({ invokeConfig, arn }: LambdaFunction): Record<string, unknown> => {
  if (!invokeConfig) {
    const message = `The function ${arn}:$LATEST doesn't have an EventInvokeConfig`;
    throw new AwsError("ResourceNotFoundException", message, 404, { Type: "User" });
  }
  const destination = (to: string | undefined) => (to === undefined ? {} : { Destination: to });
  return {
    FunctionArn: `${arn}:$LATEST`,
    LastModified: invokeConfig.modifiedAt / 1_000,
    MaximumRetryAttempts: invokeConfig.retries,
    MaximumEventAgeInSeconds: invokeConfig.maxAgeSeconds,
    DestinationConfig: {
      OnSuccess: destination(invokeConfig.onSuccess),
      OnFailure: destination(invokeConfig.onFailure),
    },
  };
};

const concurrencyIn = (body: Buffer): number => {
  const { ReservedConcurrentExecutions: concurrency, ...more } = parseJsonBody(body);
  const [unknown] = Object.keys(more);
  if (unknown) throw unsupported(`${unknown} of lambda:PutFunctionConcurrency`);
  const at = "reservedConcurrentExecutions";
  if (concurrency === undefined || concurrency === null) throw malformed(notNull(at));
  return within(at, concurrency, 0, Number.MAX_SAFE_INTEGER);
};

export const functionOperations = (functions: Functions): Record<string, Operation> => {
  const named = ({ path, query }: RestInput) => functions.find(path["FunctionName"] ?? "", query.get("Qualifier"));
  const on = (action: string, run: (target: LambdaFunction, input: RestInput) => unknown): Operation => ({
    access: onFunction(functions, action),
    run: (input: RestInput) => run(named(input), input),
  });
  return {
    ListFunctions: {
      access: () => ({ action: "lambda:ListFunctions", resource: "*" }),
      run: ({ query }: RestInput) => {
        onlyQuery(query, "ListFunctions", ["Marker", "MaxItems"]);
        const { items, ...rest } = page(functions.all(), query, 50);
        return { Functions: items.map(describe), ...rest };
      },
    },
    // Without Code: there is no bucket from which it could be fetched.
    GetFunction: on("GetFunction", (target) => ({ Configuration: describe(target), Tags: {} })),
    GetFunctionConfiguration: on("GetFunctionConfiguration", describe),
    UpdateFunctionConfiguration: on("UpdateFunctionConfiguration", async (target, { body }) => {
      await target.change(configurationIn(body));
      return describe(target);
    }),
    GetPolicy: on("GetPolicy", ({ permissions }) => ({ Policy: permissions.document() })),
    GetFunctionEventInvokeConfig: on("GetFunctionEventInvokeConfig", describeInvokeConfig),
    GetFunctionRecursionConfig: on("GetFunctionRecursionConfig", ({ recursiveLoop }) => ({
      RecursiveLoop: recursiveLoop,
    })),
    GetFunctionConcurrency: on("GetFunctionConcurrency", (target) => {
      const reserved = target.reservedConcurrency();
      return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
    }),
    PutFunctionConcurrency: on("PutFunctionConcurrency", (target, { body }) => {
      const concurrency = concurrencyIn(body);
      functions.reserve(target, concurrency);
      return { ReservedConcurrentExecutions: concurrency };
    }),
  };
};
