import { isObject, type Json } from "../language/json";
import { runtimeError, StateError } from "../language/stateError";
import { type ErrorNames, refused, sdkMetadata } from "./answer";
import type { ServiceAnswer } from "./gatewayCall";
import type { Integration, TaskCall } from "./integration";

const same = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, name]));

const errorNames: ErrorNames = {
  prefix: "Lambda",
  service: "AWSLambda",
  other: "AWSLambdaException",
  known: {
    ...same(["InvalidRequestContentException", "ResourceNotFoundException", "TooManyRequestsException"]),
    RequestEntityTooLargeException: "RequestTooLargeException",
    InternalFailure: "ServiceException",
  },
};

const parse = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

/** A function's own error goes by its own name, with all that it said. */
const failed = (payload: string): StateError => {
  const report = parse(payload);
  const type = isObject(report) ? report["errorType"] : undefined;
  return new StateError(typeof type === "string" && type !== "" ? type : "Lambda.Unknown", payload);
};

const invoke = async (
  functionName: string,
  payload: Json | undefined,
  { send }: TaskCall,
): Promise<{ payload: Json; answer: ServiceAnswer }> => {
  const answer = await send({
    service: "lambda",
    path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(payload ?? {}),
  });
  if (answer.status >= 300) {
    const report = parse(answer.body);
    const message = isObject(report) ? String(report["message"]) : answer.body;
    throw refused(answer, { code: answer.headers["x-amzn-errortype"] ?? "", message }, errorNames);
  }
  if (answer.headers["x-amz-function-error"] !== undefined) throw failed(answer.body);
  return { payload: parse(answer.body), answer };
};

/** `arn:aws:states:::lambda:invoke` */
export const invokeFunction: Integration = {
  resourceType: "lambda",
  resource: "invoke",
  required: ["FunctionName"],
  optional: ["Payload"],
  call: async (call) => {
    const { FunctionName, Payload } = isObject(call.parameters) ? call.parameters : {};
    if (typeof FunctionName !== "string") throw runtimeError("The value of the field 'FunctionName' must be a string");
    const { payload, answer } = await invoke(FunctionName, Payload, call);
    const ExecutedVersion = answer.headers["x-amz-executed-version"] ?? "$LATEST";
    return { ExecutedVersion, Payload: payload, ...sdkMetadata(answer), StatusCode: answer.status };
  },
};

/** A function as the Resource itself, which is given all that the state has. */
export const functionItself = (functionArn: string): Integration => ({
  resourceType: "lambda",
  resource: "invoke",
  functionArn,
  call: async (call) => (await invoke(functionArn, call.parameters, call)).payload,
});
