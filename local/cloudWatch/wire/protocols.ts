import { gunzipSync } from "node:zlib";
import { AwsError, unsupported } from "../../cloud/awsError";
import type { HttpRequest, Protocol } from "../../cloud/service";
import { awsJson } from "../../gateway/awsJson";
import { jsonNames, renaming } from "../../gateway/renaming";

const unpacked = (http: HttpRequest): HttpRequest => {
  if (http.headers["content-encoding"] !== "gzip") return http;
  try {
    return { ...http, body: gunzipSync(http.body) };
  } catch {
    throw new AwsError("SerializationException", "The request's body is not what gzip makes.");
  }
};

const json = awsJson({
  version: "1.0",
  target: "GraniteServiceVersion20100801",
  errorNamespace: "com.amazonaws.cloudwatch",
  queryCodes: {
    DashboardNotFoundError: "ResourceNotFound",
    InvalidFormatFault: "InvalidFormat",
    InvalidParameterCombinationException: "InvalidParameterCombination",
    InvalidParameterValueException: "InvalidParameterValue",
  },
});

/** CloudWatch as the JavaScript SDK speaks to it: metric data of some size comes packed. */
export const monitoringProtocol: Protocol = {
  ...json,
  parse: (http) => {
    const parsed = json.parse(unpacked(http));
    if (!parsed) throw unsupported("monitoring in another protocol than AWS JSON 1.0");
    return parsed;
  },
};

export const logsProtocol: Protocol = renaming(awsJson({ version: "1.1", target: "Logs_20140328" }), jsonNames);
