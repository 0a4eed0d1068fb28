import type { Algorithm } from "../wire/checksum";
import type { Checksum } from "../wire/integrity";
import type { Staged } from "./folder";
import type { Description } from "./version";

export interface Part {
  number: number;
  /** Without quotes. */
  etag: string;
  size: number;
  lastModified: number;
  checksum: Checksum;
  body: Staged;
}

/** An upload in parts that is under way. */
export interface Upload {
  id: string;
  key: string;
  initiated: number;
  description: Description;
  algorithm: Algorithm;
  checksumType: Checksum["type"];
  parts: Map<number, Part>;
}
