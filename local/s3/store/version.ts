import type { Checksum } from "../wire/integrity";

/** What versions are called that were written while the bucket did not keep them. */
export const nullVersion = "null";

/** What is said of an object beside its bytes. */
export interface Description {
  /** Content-Type and the like, by their names in lower case. */
  headers: Record<string, string>;
  metadata: Record<string, string>;
  tags: Record<string, string>;
  storageClass: string;
  encryption: Record<string, string>;
}

/** What is about to become a version. */
export interface Draft extends Description {
  size: number;
  /** Without quotes. */
  etag: string;
  checksum: Checksum;
  /** How many parts it was uploaded in. */
  parts?: number;
}

export interface ObjectVersion extends Draft {
  key: string;
  versionId: string;
  deleteMarker: boolean;
  /** In whole seconds, as S3 tells it. */
  lastModified: number;
  /** Grows with every write to the bucket; also the name on disk. */
  order: number;
}

export const emptyDescription: Description = {
  headers: {},
  metadata: {},
  tags: {},
  storageClass: "STANDARD",
  encryption: {},
};

export const markerDraft: Draft = {
  ...emptyDescription,
  size: 0,
  etag: "d41d8cd98f00b204e9800998ecf8427e",
  checksum: { algorithm: "CRC64NVME", value: "AAAAAAAAAAA=", type: "FULL_OBJECT" },
};
