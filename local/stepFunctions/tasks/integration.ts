import type { Json, JsonObject } from "../language/json";
import type { ServiceAnswer, ServiceRequest } from "./gatewayCall";

export interface TaskCall {
  parameters: Json;
  /** The execution's context object. */
  context: JsonObject;
  /** As the state machine's role. */
  send: (request: ServiceRequest) => Promise<ServiceAnswer>;
}

/** What a Task state's Resource stands for. */
export interface Integration {
  /** As the history names it: `lambda` and `invoke`. */
  resourceType: string;
  resource: string;
  /** Set where the Resource is a function itself, which has events of its own. */
  functionArn?: string;
  /** Fields that Parameters must have. */
  required?: readonly string[];
  /** Fields that Parameters may have beside those. @default any */
  optional?: readonly string[];
  call: (call: TaskCall) => Promise<Json>;
}
