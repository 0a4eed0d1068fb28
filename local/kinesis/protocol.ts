import { unsupported } from "../cloud/awsError";
import type { Protocol } from "../cloud/service";
import { awsJson } from "../gateway/awsJson";

const json = awsJson({ version: "1.1", target: "Kinesis_20131202" });

/** As all SDKs speak it; the binary encoding that some of them can be told to use is refused. */
export const kinesisProtocol: Protocol = {
  ...json,
  parse: (http) => {
    const type = http.headers["content-type"] ?? "";
    if (type.includes("cbor")) throw unsupported(`${type} of kinesis, only JSON`);
    return json.parse(http);
  },
};
