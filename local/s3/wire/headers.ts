import { unsupported } from "../../cloud/awsError";
import { account } from "../../cloud/cloud";
import { accessDenied } from "../errors";
import { algorithms, checksumHeader } from "./checksum";

/** Headers of ours that some operation acts on, or that say how the request was signed or sent. */
const understood = new Set([
  ...algorithms.map(checksumHeader),
  "x-amz-acl",
  "x-amz-checksum-algorithm",
  "x-amz-checksum-mode",
  "x-amz-checksum-type",
  "x-amz-content-sha256",
  "x-amz-copy-source",
  "x-amz-date",
  "x-amz-decoded-content-length",
  "x-amz-expected-bucket-owner",
  "x-amz-metadata-directive",
  "x-amz-sdk-checksum-algorithm",
  "x-amz-security-token",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-server-side-encryption-bucket-key-enabled",
  "x-amz-skip-destination-validation",
  "x-amz-storage-class",
  "x-amz-tagging",
  "x-amz-tagging-directive",
  "x-amz-trailer",
  "x-amz-user-agent",
]);

/** What a bucket without ACLs does with every object anyway. */
const aclsWithoutEffect = ["private", "bucket-owner-full-control"];
const readableAtOnce = ["STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR"];

/** Refuses what nothing here would act on. */
export const checkHeaders = (headers: Record<string, string>): void => {
  for (const name of Object.keys(headers)) {
    if (!name.startsWith("x-amz-") || name.startsWith("x-amz-meta-") || understood.has(name)) continue;
    throw unsupported(`the header ${name} of s3`);
  }
  const acl = headers["x-amz-acl"];
  if (acl !== undefined && !aclsWithoutEffect.includes(acl)) throw unsupported(`the ACL ${acl}`);
  const storageClass = headers["x-amz-storage-class"];
  if (storageClass !== undefined && !readableAtOnce.includes(storageClass)) {
    throw unsupported(`the storage class ${storageClass}`);
  }
  const owner = headers["x-amz-expected-bucket-owner"];
  if (owner !== undefined && owner !== account) throw accessDenied("Access Denied");
};
