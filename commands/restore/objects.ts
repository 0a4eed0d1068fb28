import {
  CopyObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  type S3Client,
} from "@aws-sdk/client-s3";

export interface Restored {
  key: string;
  versionId: string;
  /** When the version that is current again was written. */
  writtenAt: string;
}

interface Version {
  versionId: string;
  at: number;
  deleted: boolean;
}

const versionsIn = async (s3: S3Client, Bucket: string, Prefix: string): Promise<Map<string, Version[]>> => {
  const found = new Map<string, Version[]>();
  const take = (entries: readonly Pick<ObjectVersion, "Key" | "VersionId" | "LastModified">[], deleted: boolean) => {
    for (const { Key = "", VersionId: versionId = "", LastModified } of entries) {
      found.set(Key, [...(found.get(Key) ?? []), { versionId, at: LastModified?.getTime() ?? 0, deleted }]);
    }
  };
  let KeyMarker: string | undefined;
  let VersionIdMarker: string | undefined;
  do {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket, Prefix, KeyMarker, VersionIdMarker }),
    );
    take(page.Versions ?? [], false);
    take(page.DeleteMarkers ?? [], true);
    KeyMarker = page.NextKeyMarker;
    VersionIdMarker = page.NextVersionIdMarker;
  } while (KeyMarker !== undefined);
  return found;
};

/**
 * Brings objects back as they were at a moment: the version of then is written once more on top of what came later, which
 * is kept as well. What was not there then is left alone.
 */
export const restoreObjects = async (
  s3: S3Client,
  bucket: string,
  { prefix, at, dryRun }: { prefix: string; at: number; dryRun: boolean },
): Promise<Restored[]> => {
  const restored: Restored[] = [];
  for (const [key, versions] of await versionsIn(s3, bucket, prefix)) {
    const newestFirst = [...versions].sort((a, b) => b.at - a.at);
    const then = newestFirst.find((version) => version.at <= at);
    if (!then || then.deleted || then === newestFirst[0]) continue;
    if (!dryRun) {
      const CopySource = `${bucket}/${encodeURIComponent(key)}?versionId=${encodeURIComponent(then.versionId)}`;
      await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: key, CopySource }));
    }
    restored.push({ key, versionId: then.versionId, writtenAt: new Date(then.at).toISOString() });
  }
  return restored;
};
