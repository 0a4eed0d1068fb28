import { AwsError } from "../cloud/awsError";
import type { HttpRequest } from "../cloud/service";

export interface Credential {
  accessKeyId: string;
  service: string;
}

const header = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;
const parameter = /^([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request$/;

/** As S3 was signed to before 2014, and as older releases of the AWS CLI still presign where they are given an endpoint. */
export const isSignedByVersion2 = ({ query, headers }: HttpRequest): boolean =>
  (query.has("AWSAccessKeyId") && query.has("Signature")) || (headers["authorization"]?.startsWith("AWS ") ?? false);

export const refuseVersion2 = (): never => {
  throw new AwsError(
    "InvalidRequest",
    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256. " +
      "(For the AWS CLI: aws configure set default.s3.signature_version s3v4)",
  );
};

export const isSigned = ({ query, headers }: HttpRequest): boolean =>
  query.has("X-Amz-Credential") || headers["authorization"] !== undefined;

/**
 * Reads who signed a request, and for which service. The signature itself is not checked: whoever can reach the loopback
 * interface could read the keys as well, save for pages in a browser, which are kept out by what the browser says. Role
 * and service are told apart by the key, which is what permissions hang on.
 */
export const readCredential = (http: HttpRequest): Credential => {
  const presigned = http.query.get("X-Amz-Credential");
  const [, accessKeyId, , service] =
    (presigned ? parameter.exec(presigned) : header.exec(http.headers["authorization"] ?? "")) ?? [];
  if (!accessKeyId || !service) {
    throw new AwsError(
      "MissingAuthenticationToken",
      `The request is not signed. Nothing here answers ${http.method} ${http.path} without a signature; sign it as local/local.`,
      403,
    );
  }
  return { accessKeyId, service };
};
