import { account } from "../../cloud/cloud";
import { bucketAccess } from "../access";
import { invalidArgument } from "../errors";
import type { S3, S3Operations } from "../operation";
import type { Bucket } from "../store/bucket";
import type { ObjectVersion } from "../store/version";
import type { S3Request } from "../wire/protocol";
import { quoted } from "./description";

const most = 1_000;
export const owner = { ID: account };

/** How many at most; never more than S3's own limit. */
export const limitIn = (query: URLSearchParams, name: string): number => {
  const text = query.get(name) ?? String(most);
  if (!/^\d+$/.test(text)) throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text);
  return Math.min(most, Number(text));
};

interface Wanted {
  prefix: string;
  delimiter: string;
  limit: number;
  /** For names in answers: as they are, or as in a URL. */
  write: (text: string) => string;
}

const wantedIn = (query: URLSearchParams): Wanted => ({
  prefix: query.get("prefix") ?? "",
  delimiter: query.get("delimiter") ?? "",
  limit: limitIn(query, "max-keys"),
  write:
    query.get("encoding-type") === "url" ? (text) => encodeURIComponent(text).replaceAll("%2F", "/") : (text) => text,
});

const groupOf = (key: string, { prefix, delimiter }: Wanted): string | undefined => {
  const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
};

const isAfter = (name: string, marker: string): boolean => Buffer.compare(Buffer.from(name), Buffer.from(marker)) > 0;

interface Page {
  versions: ObjectVersion[];
  groups: string[];
  /** Where the next page begins; undefined at the end. */
  last: { name: string; versionId: string | undefined } | undefined;
}

type Entry = { name: string; version?: ObjectVersion };

/** Goes through keys in order; what lies below a delimiter counts as one. */
function* entries(bucket: Bucket, wanted: Wanted, pick: (key: string) => readonly ObjectVersion[]): Generator<Entry> {
  let group: string | undefined;
  for (const key of bucket.keys()) {
    if (!key.startsWith(wanted.prefix)) continue;
    const versions = pick(key);
    if (versions.length === 0) continue;
    const found = groupOf(key, wanted);
    if (found === undefined) for (const version of versions) yield { name: key, version };
    else if (found !== group) yield { name: found };
    group = found;
  }
}

const pageOf = (found: Iterable<Entry>, limit: number, skip: (entry: Entry) => boolean): Page => {
  const page: Page = { versions: [], groups: [], last: undefined };
  let last: Page["last"];
  for (const entry of found) {
    if (skip(entry)) continue;
    if (page.versions.length + page.groups.length === limit) {
      page.last = last;
      break;
    }
    if (entry.version) page.versions.push(entry.version);
    else page.groups.push(entry.name);
    last = { name: entry.name, versionId: entry.version?.versionId };
  }
  return page;
};

const asToken = (name: string): string => Buffer.from(name).toString("base64url");

/** Current versions after a marker, with what both versions of the operation tell of them. */
const listCurrent = (s3: S3, { bucket: name, query }: S3Request, marker: string, withOwner: boolean) => {
  s3.cloud.meter.add("s3 write");
  const bucket = s3.buckets.find(name);
  const wanted = wantedIn(query);
  const current = (key: string) =>
    bucket
      .versionsOf(key)
      .slice(0, 1)
      .filter(({ deleteMarker }) => !deleteMarker);
  const { versions, groups, last } = pageOf(
    entries(bucket, wanted, current),
    wanted.limit,
    (entry) => !isAfter(entry.name, marker),
  );
  return {
    wanted,
    last,
    count: versions.length + groups.length,
    document: {
      Name: bucket.name,
      Prefix: wanted.write(wanted.prefix),
      Delimiter: wanted.delimiter ? wanted.write(wanted.delimiter) : undefined,
      MaxKeys: wanted.limit,
      EncodingType: query.get("encoding-type") ?? undefined,
      IsTruncated: last !== undefined,
      Contents: versions.map((version) => ({
        Key: wanted.write(version.key),
        LastModified: new Date(version.lastModified).toISOString(),
        ETag: quoted(version.etag),
        ChecksumAlgorithm: version.checksum.algorithm,
        ChecksumType: version.checksum.type,
        Size: version.size,
        Owner: withOwner ? owner : undefined,
        StorageClass: version.storageClass,
      })),
      CommonPrefixes: groups.map((group) => ({ Prefix: wanted.write(group) })),
    },
  };
};

const listObjects = (s3: S3, request: S3Request) => {
  const marker = request.query.get("marker") ?? "";
  const { wanted, last, document } = listCurrent(s3, request, marker, true);
  return {
    ...document,
    Marker: wanted.write(marker),
    // Without a delimiter, the last key is where to go on.
    NextMarker: last && wanted.delimiter ? wanted.write(last.name) : undefined,
  };
};

const listObjectsV2 = (s3: S3, request: S3Request) => {
  const { query } = request;
  if (query.get("list-type") !== "2") {
    throw invalidArgument("Invalid List Type specified in request", "list-type", query.get("list-type") ?? "");
  }
  const token = query.get("continuation-token");
  const startAfter = query.get("start-after");
  const marker = token === null ? (startAfter ?? "") : Buffer.from(token, "base64url").toString("utf8");
  const { wanted, last, count, document } = listCurrent(s3, request, marker, query.get("fetch-owner") === "true");
  return {
    ...document,
    KeyCount: count,
    StartAfter: startAfter === null ? undefined : wanted.write(startAfter),
    ContinuationToken: token ?? undefined,
    NextContinuationToken: last && asToken(last.name),
  };
};

/** Skips up to and with the marker: a key, or one of its versions. */
const skipVersions = (bucket: Bucket, query: URLSearchParams): ((entry: Entry) => boolean) => {
  const keyMarker = query.get("key-marker") ?? "";
  const versionMarker = query.get("version-id-marker");
  if (versionMarker === null) return ({ name }) => !isAfter(name, keyMarker);
  const versions = bucket.versionsOf(keyMarker);
  const passed = versions.findIndex(({ versionId }) => versionId === versionMarker);
  return ({ name, version }) =>
    name === keyMarker && version ? versions.indexOf(version) <= passed : !isAfter(name, keyMarker);
};

const listVersions = (s3: S3, { bucket: name, query }: S3Request) => {
  s3.cloud.meter.add("s3 write");
  const bucket = s3.buckets.find(name);
  const wanted = wantedIn(query);
  const all = entries(bucket, wanted, (key) => bucket.versionsOf(key));
  const { versions, groups, last } = pageOf(all, wanted.limit, skipVersions(bucket, query));
  const described = versions.map((version) => ({
    marker: version.deleteMarker,
    entry: {
      Key: wanted.write(version.key),
      VersionId: version.versionId,
      IsLatest: bucket.versionsOf(version.key)[0] === version,
      LastModified: new Date(version.lastModified).toISOString(),
      ...(!version.deleteMarker && {
        ETag: quoted(version.etag),
        Size: version.size,
        StorageClass: version.storageClass,
      }),
      Owner: owner,
    },
  }));
  return {
    Name: bucket.name,
    Prefix: wanted.write(wanted.prefix),
    Delimiter: wanted.delimiter ? wanted.write(wanted.delimiter) : undefined,
    KeyMarker: query.get("key-marker") ?? "",
    VersionIdMarker: query.get("version-id-marker") ?? "",
    MaxKeys: wanted.limit,
    EncodingType: query.get("encoding-type") ?? undefined,
    IsTruncated: last !== undefined,
    NextKeyMarker: last && wanted.write(last.name),
    NextVersionIdMarker: last?.versionId,
    Version: described.filter(({ marker }) => !marker).map(({ entry }) => entry),
    DeleteMarker: described.filter(({ marker }) => marker).map(({ entry }) => entry),
    CommonPrefixes: groups.map((group) => ({ Prefix: wanted.write(group) })),
  };
};

export const listOperations = (s3: S3): S3Operations => ({
  ListObjects: { access: bucketAccess(s3, "ListBucket"), run: (request) => listObjects(s3, request) },
  ListObjectsV2: { access: bucketAccess(s3, "ListBucket"), run: (request) => listObjectsV2(s3, request) },
  ListObjectVersions: { access: bucketAccess(s3, "ListBucketVersions"), run: (request) => listVersions(s3, request) },
});
