import type { JsonObject } from "../language/json";
import { StateError } from "../language/stateError";
import type { ServiceAnswer } from "./gatewayCall";

/** How Step Functions speaks of a service's errors. */
export interface ErrorNames {
  /** Before each name: `Lambda`. */
  prefix: string;
  /** In the cause: `AWSLambda`. */
  service: string;
  /** Name of what the service's model does not name. */
  other: string;
  /** Names of the model, by the codes on the wire. */
  known: Readonly<Record<string, string>>;
}

/** The failure of a task whose call was refused. */
export const refused = (
  { status, headers }: ServiceAnswer,
  { code, message }: { code: string; message: string },
  { prefix, service, other, known }: ErrorNames,
): StateError => {
  const requestId = headers["x-amzn-requestid"];
  const about = `Service: ${service}; Status Code: ${status}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null`;
  const name = Object.hasOwn(known, code) ? known[code] : other;
  return new StateError(`${prefix}.${name}`, `${message} (${about})`);
};

/** What the answer of AWS's SDK has beside the service's own. */
export const sdkMetadata = ({ status, headers }: ServiceAnswer): JsonObject => ({
  SdkHttpMetadata: {
    AllHttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    HttpHeaders: headers,
    HttpStatusCode: status,
  },
  SdkResponseMetadata: { RequestId: headers["x-amzn-requestid"] ?? "" },
});
