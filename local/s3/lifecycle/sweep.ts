import type { Cancel } from "../../cloud/clock";
import type { Cloud } from "../../cloud/cloud";
import { service } from "../../iam/principal";
import type { Notifier } from "../notification/notifier";
import type { Bucket } from "../store/bucket";
import type { Buckets } from "../store/buckets";
import { fates, midnightAfter } from "./rule";

const lifecycle = service("s3.amazonaws.com");

/** Carries lifecycle rules out, at every midnight of the cloud's. */
export class LifecycleSweep {
  #cancel: Cancel;

  constructor(
    private readonly cloud: Cloud,
    private readonly buckets: Buckets,
    private readonly notifier: Notifier,
  ) {
    this.#cancel = this.#schedule();
  }

  stop(): void {
    this.#cancel();
  }

  #schedule(): Cancel {
    return this.cloud.clock.at(midnightAfter(this.cloud.clock.now() + 1, 0), "calendar", () => {
      this.#cancel = this.#schedule();
      void this.cloud.activity.during("s3 lifecycle", () => this.run());
    });
  }

  async run(): Promise<void> {
    const now = this.cloud.clock.now();
    for (const bucket of this.buckets.all()) {
      if (bucket.settings.lifecycle.length === 0) continue;
      this.#expire(bucket, now);
      this.#abortUploads(bucket, now);
    }
  }

  #expire(bucket: Bucket, now: number): void {
    const say = (name: string, version: Parameters<Notifier["tell"]>[1]["version"]) =>
      this.notifier.tell(bucket, {
        name: `LifecycleExpiration:${name}`,
        version,
        caller: lifecycle,
        requestId: this.cloud.newId(),
      });
    for (const key of bucket.keys()) {
      for (const { version, what } of fates(bucket.settings.lifecycle, bucket.versionsOf(key), now)) {
        if (what === "expire") {
          const { marker } = bucket.deleteCurrent(key, now);
          say(marker ? "DeleteMarkerCreated" : "Delete", marker ?? version);
        } else {
          bucket.remove(version);
          say("Delete", version);
        }
      }
    }
  }

  #abortUploads(bucket: Bucket, now: number): void {
    for (const upload of [...bucket.uploads.values()]) {
      const due = bucket.settings.lifecycle.some(
        ({ enabled, prefix, abortUploadsAfterDays: days }) =>
          enabled &&
          days !== undefined &&
          upload.key.startsWith(prefix) &&
          midnightAfter(upload.initiated, days) <= now,
      );
      if (due) bucket.dropUpload(upload);
    }
  }
}
