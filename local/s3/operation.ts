import type { Access, Cloud } from "../cloud/cloud";
import type { Call } from "../cloud/service";
import type { Notifier } from "./notification/notifier";
import type { Buckets } from "./store/buckets";
import type { S3Request } from "./wire/protocol";

/** What all operations work on. */
export interface S3 {
  cloud: Cloud;
  buckets: Buckets;
  notifier: Notifier;
}

export interface S3Operation {
  access: (request: S3Request, call: Call) => Access | readonly Access[];
  run: (request: S3Request, call: Call) => Promise<unknown> | unknown;
}

export type S3Operations = Record<string, S3Operation>;
