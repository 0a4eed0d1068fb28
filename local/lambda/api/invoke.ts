import { AwsError, unsupported } from "../../cloud/awsError";
import { oneOf } from "../../cloud/constraint";
import type { Call, Operation } from "../../cloud/service";
import { RestAnswer, type RestInput } from "../../gateway/restJson";
import type { Asynchronous } from "../asynchronous";
import type { Throttled } from "../contract";
import type { LambdaFunction } from "../function";
import type { Functions } from "../functions";
import { checkPayload } from "../payload";
import { onFunction } from "./functions";
import { malformed } from "./wellFormed";

const refusedHeaders = ["x-amz-client-context", "x-amz-durable-execution-name", "x-amz-tenant-id"];
/** Of the log, as much as an answer's header may hold. */
const tailBytes = 4_096;

export const throttledError = ({ code, message, reason }: Throttled): AwsError =>
  new AwsError(code, message, 429, { Reason: reason, Type: "User" });

const tail = (lines: readonly string[]): string =>
  Buffer.from(lines.map((line) => `${line}\n`).join(""))
    .subarray(-tailBytes)
    .toString("base64");

const runNow = async (target: LambdaFunction, { body, headers }: RestInput, call: Call): Promise<RestAnswer> => {
  const lines: string[] = [];
  const logType = headers["x-amz-log-type"] ?? "None";
  const result = await target.invoke(body, {
    invoker: call.caller.name,
    requestId: call.requestId,
    traceId: headers["x-amzn-trace-id"],
    ...(logType === "Tail" && { onLine: (line) => lines.push(line) }),
  });
  if (result.kind === "throttled") throw throttledError(result);
  return new RestAnswer(200, result.payload, {
    "x-amz-executed-version": "$LATEST",
    ...(result.kind === "error" && { "x-amz-function-error": result.functionError }),
    ...(logType === "Tail" && { "x-amz-log-result": tail(lines) }),
  });
};

export const invokeOperation = (functions: Functions, asynchronous: Asynchronous): Operation => ({
  access: onFunction(functions, "InvokeFunction"),
  run: async (input: RestInput, call): Promise<RestAnswer> => {
    const { path, query, headers, body } = input;
    const refused = refusedHeaders.find((name) => name in headers);
    if (refused) throw unsupported(`${refused} of lambda:Invoke`);
    const target = functions.find(path["FunctionName"] ?? "", query.get("Qualifier"));
    const type = headers["x-amz-invocation-type"] ?? "RequestResponse";
    if (type === "DryRun") return new RestAnswer(204);
    if (type !== "RequestResponse" && type !== "Event") {
      throw malformed({ at: "invocationType", value: type, must: oneOf(["Event", "RequestResponse", "DryRun"]) });
    }
    checkPayload(body, type);
    if (type === "RequestResponse") return runNow(target, input, call);
    asynchronous.accept(target, body, {
      invoker: call.caller.name,
      requestId: call.requestId,
      traceId: headers["x-amzn-trace-id"],
    });
    return new RestAnswer(202);
  },
});
