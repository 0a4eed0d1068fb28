import { unsupported } from "../../cloud/awsError";
import { noSuchKey, preconditionFailed } from "../errors";
import type { Bucket } from "../store/bucket";
import type { ObjectVersion } from "../store/version";

const names = (header: string, etag: string): boolean =>
  header.split(",").some((one) => one.trim() === "*" || one.trim().replace(/^"|"$/g, "") === etag);

/** Whether the object may be written over. To be asked in the same breath as writing. */
export const checkWrite = (headers: Record<string, string>, bucket: Bucket, key: string): void => {
  const current = bucket.current(key);
  const absent = headers["if-none-match"];
  if (absent !== undefined && absent !== "*") throw unsupported("If-None-Match on a write with anything but *");
  if (absent !== undefined && current) throw preconditionFailed("If-None-Match");
  const match = headers["if-match"];
  if (match === undefined) return;
  if (!current) throw noSuchKey(key);
  if (!names(match, current.etag)) throw preconditionFailed("If-Match");
};

/** Whether what is there is what the reader already has; throws where it is not what the reader wants. */
export const notModified = (headers: Record<string, string>, { etag, lastModified }: ObjectVersion): boolean => {
  const match = headers["if-match"];
  const unmodifiedSince = Date.parse(headers["if-unmodified-since"] ?? "");
  if (match !== undefined) {
    if (!names(match, etag)) throw preconditionFailed("If-Match");
  } else if (lastModified > unmodifiedSince) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  const noneMatch = headers["if-none-match"];
  if (noneMatch !== undefined) return names(noneMatch, etag);
  return lastModified <= Date.parse(headers["if-modified-since"] ?? "");
};
