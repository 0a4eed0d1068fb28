import type { Json, JsonObject } from "../language/json";
import { type ErrorNames, refused, sdkMetadata } from "./answer";
import type { ServiceAnswer } from "./gatewayCall";
import type { TaskCall } from "./integration";

interface Api {
  service: string;
  /** Before the operation in X-Amz-Target. */
  target: string;
  version: "1.0" | "1.1";
  names: ErrorNames;
}

/** Calls an operation of a service whose protocol is JSON under a target header. */
export const callJson = async (
  { service, target, version, names }: Api,
  operation: string,
  input: Json,
  { send }: TaskCall,
): Promise<{ output: JsonObject; metadata: JsonObject }> => {
  const answer: ServiceAnswer = await send({
    service,
    headers: { "content-type": `application/x-amz-json-${version}`, "x-amz-target": `${target}.${operation}` },
    body: JSON.stringify(input),
  });
  const output = JSON.parse(answer.body) as JsonObject;
  if (answer.status < 300) return { output, metadata: sdkMetadata(answer) };
  const code = String(output["__type"]).split("#").at(-1) ?? "";
  throw refused(answer, { code, message: String(output["message"] ?? output["Message"]) }, names);
};
