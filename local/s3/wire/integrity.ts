import { AwsError } from "../../cloud/awsError";
import { badDigest, invalidRequest } from "../errors";
import { type Algorithm, algorithms, checksumHeader, digest } from "./checksum";

export interface Checksum {
  algorithm: Algorithm;
  /** In base64; with `-N` behind it where it is made of the checksums of N parts. */
  value: string;
  type: "FULL_OBJECT" | "COMPOSITE";
}

const checkMd5 = (given: string, body: Buffer): void => {
  if (Buffer.from(given, "base64").length !== 16) {
    throw new AwsError("InvalidDigest", "The Content-MD5 you specified was invalid.");
  }
  if (digest("MD5", body).toString("base64") !== given) {
    throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
};

/** Compares the body with every digest the request has for it. */
export const checkIntegrity = (headers: Record<string, string>, body: Buffer): void => {
  const md5 = headers["content-md5"];
  if (md5 !== undefined) checkMd5(md5, body);
  const sha256 = headers["x-amz-content-sha256"] ?? "";
  if (/^[0-9a-f]{64}$/.test(sha256) && digest("SHA256", body).toString("hex") !== sha256) {
    throw new AwsError(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  const given = algorithms.filter((algorithm) => headers[checksumHeader(algorithm)] !== undefined);
  if (given.length > 1)
    throw invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  for (const algorithm of given) {
    if (digest(algorithm, body).toString("base64") !== headers[checksumHeader(algorithm)]) throw badDigest(algorithm);
  }
};

/** The checksum that is kept with a body: the one it came with, else the one S3 makes itself. */
export const checksumOf = (headers: Record<string, string>, body: Buffer): Checksum => {
  const algorithm = algorithms.find((one) => headers[checksumHeader(one)] !== undefined) ?? "CRC64NVME";
  const value = headers[checksumHeader(algorithm)] ?? digest(algorithm, body).toString("base64");
  return { algorithm, value, type: "FULL_OBJECT" };
};
