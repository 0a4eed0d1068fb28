import { isObject, type Json, type JsonObject } from "../language/json";
import { StateError } from "../language/stateError";
import type { ErrorNames } from "./answer";
import { callJson } from "./awsJsonCall";
import type { Integration } from "./integration";

const names: ErrorNames = {
  prefix: "EventBridge",
  service: "AmazonEventBridge",
  other: "AmazonEventBridgeException",
  known: { InternalException: "InternalException" },
};

const idOf = (context: JsonObject, part: string): Json => {
  const found = context[part];
  return isObject(found) ? (found["Id"] ?? null) : null;
};

/** Each event tells which machine and execution it comes from. */
const written = (parameters: Json, context: JsonObject): Json => {
  if (!isObject(parameters) || !Array.isArray(parameters["Entries"])) return parameters;
  const origin = [idOf(context, "StateMachine"), idOf(context, "Execution")];
  const Entries = parameters["Entries"].map((entry) => {
    if (!isObject(entry)) return entry;
    const { Detail, Resources } = entry;
    return {
      ...entry,
      ...(isObject(Detail) && { Detail: JSON.stringify(Detail) }),
      Resources: [...(Array.isArray(Resources) ? Resources : []), ...origin],
    };
  });
  return { ...parameters, Entries };
};

/** `arn:aws:states:::events:putEvents` */
export const putEvents: Integration = {
  resourceType: "events",
  resource: "putEvents",
  required: ["Entries"],
  optional: [],
  call: async (call) => {
    const api = { service: "events", target: "AWSEvents", version: "1.1", names } as const;
    const { output } = await callJson(api, "PutEvents", written(call.parameters, call.context), call);
    if (output["FailedEntryCount"] !== 0) throw new StateError("EventBridge.FailedEntry", JSON.stringify(output));
    return output;
  },
};
