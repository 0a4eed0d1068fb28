import { AwsError } from "../../cloud/awsError";
import type { Cloud } from "../../cloud/cloud";
import type { HttpAnswer, HttpRequest, Protocol } from "../../cloud/service";
import { invalidRequest } from "../errors";
import { decodeChunked } from "./chunked";
import { checkHeaders } from "./headers";
import { checkIntegrity } from "./integrity";
import { checkPresigned, hoistedHeaders, isSigningParameter } from "./presigned";
import { operationFor } from "./routes";
import { writeXml } from "./xmlDocument";

/** A request to S3, with its body decoded and compared with its checksums. */
export interface S3Request {
  /** Empty where the request is for no bucket. */
  bucket: string;
  /** Empty where the request is for no object. */
  key: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Buffer;
}

/** What an operation answers, where an XML document is not all. */
export class S3Answer {
  constructor(
    readonly status: number,
    readonly headers: Record<string, string> = {},
    readonly body: string | Buffer = "",
  ) {}
}

const virtualHost = /^[^.:]+\.(.*\.)?(localhost|127\.0\.0\.1|s3[.-].*amazonaws\.com)(:\d+)?$/;

const decodePart = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.");
  }
};

const splitPath = (path: string): { bucket: string; key: string } => {
  const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return { bucket: decodePart(bucket), key: decodePart(key) };
};

const withDecodedBody = (headers: Record<string, string>, raw: Buffer): Pick<S3Request, "headers" | "body"> => {
  if (!headers["x-amz-content-sha256"]?.startsWith("STREAMING-")) return { headers, body: raw };
  const { body, trailers } = decodeChunked(raw);
  const encoding = (headers["content-encoding"] ?? "")
    .split(/\s*,\s*/)
    .filter((one) => one !== "" && one !== "aws-chunked");
  const { "content-encoding": _, ...rest } = headers;
  return {
    headers: { ...rest, ...(encoding.length > 0 && { "content-encoding": encoding.join(",") }), ...trailers },
    body,
  };
};

const parse = (http: HttpRequest, cloud: Cloud): { operation: string; input: S3Request } | undefined => {
  if (virtualHost.test(http.headers["host"] ?? "")) {
    throw invalidRequest(
      `The embedded cloud knows buckets by path only, not by host name (${http.headers["host"]}): use path style (forcePathStyle: true).`,
    );
  }
  checkPresigned(http, cloud.clock.now(), (accessKeyId) => cloud.credentialsOf(accessKeyId));
  const { headers, body } = withDecodedBody(hoistedHeaders(http), http.body);
  const { bucket, key } = splitPath(http.path);
  const level = key ? "object" : bucket ? "bucket" : "service";
  const parameters = [...http.query.keys()].filter((name) => name !== "x-id" && !isSigningParameter(name));
  const operation = operationFor(level, http.method, parameters, headers);
  if (!operation) return undefined;
  checkHeaders(headers);
  // Asking for a body's checksum is not giving one.
  if (http.method !== "GET" && http.method !== "HEAD") checkIntegrity(checksumHeadersOf(operation, headers), body);
  if (Buffer.byteLength(key) > 1_024) throw new AwsError("KeyTooLongError", "Your key is too long");
  return { operation, input: { bucket, key, query: http.query, headers, body } };
};

/** On completion of an upload they are of the whole object, not of the request's body. */
const checksumHeadersOf = (operation: string, headers: Record<string, string>): Record<string, string> =>
  operation === "CompleteMultipartUpload"
    ? Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("x-amz-checksum-")))
    : headers;

const ids = (requestId: string) => ({ "x-amz-request-id": requestId, "x-amz-id-2": requestId });

const codes: Record<string, string> = {
  AccessDeniedException: "AccessDenied",
  InternalFailure: "InternalError",
  UnrecognizedClientException: "InvalidAccessKeyId",
};

export const refuse = (error: AwsError, requestId: string): HttpAnswer => ({
  status: error.status,
  headers: { "content-type": "application/xml", ...ids(requestId) },
  body: writeXml(
    "Error",
    {
      Code: codes[error.code] ?? error.code,
      Message: error.message,
      ...error.more,
      RequestId: requestId,
      HostId: requestId,
    },
    false,
  ),
});

const resultNames: Record<string, string> = {
  CopyObject: "CopyObjectResult",
  CreateMultipartUpload: "InitiateMultipartUploadResult",
  CompleteMultipartUpload: "CompleteMultipartUploadResult",
  DeleteObjects: "DeleteResult",
  GetBucketCors: "CORSConfiguration",
  GetBucketEncryption: "ServerSideEncryptionConfiguration",
  GetBucketLifecycleConfiguration: "LifecycleConfiguration",
  GetBucketLocation: "LocationConstraint",
  GetBucketNotificationConfiguration: "NotificationConfiguration",
  GetBucketVersioning: "VersioningConfiguration",
  GetObjectTagging: "Tagging",
  GetPublicAccessBlock: "PublicAccessBlockConfiguration",
  ListBuckets: "ListAllMyBucketsResult",
  ListMultipartUploads: "ListMultipartUploadsResult",
  ListObjectVersions: "ListVersionsResult",
  ListObjects: "ListBucketResult",
  ListObjectsV2: "ListBucketResult",
  ListParts: "ListPartsResult",
};

const asAnswer = (operation: string, output: unknown): S3Answer => {
  if (output instanceof S3Answer) return output;
  const { headers = {}, ...document } = output as { headers?: Record<string, string> };
  return new S3Answer(
    200,
    { "content-type": "application/xml", ...headers },
    writeXml(resultNames[operation] ?? `${operation}Result`, document),
  );
};

/** S3's protocol: methods and paths, bytes and XML. A plain object that is answered becomes the operation's document. */
export const s3Protocol = (cloud: Cloud): Protocol => ({
  parse: (http) => parse(http, cloud),
  answer: (operation, output, requestId) => {
    const { status, headers, body } = asAnswer(operation, output);
    return { status, headers: { ...ids(requestId), ...headers }, body };
  },
  refuse,
});
