import { AwsError } from "../../cloud/awsError";
import { account, type Cloud, region } from "../../cloud/cloud";
import { type Principal, service } from "../../iam/principal";
import { invalidArgument } from "../errors";
import type { Bucket } from "../store/bucket";
import { nullVersion } from "../store/version";
import { type Emit, eventOf, type Happening, sequencerOf } from "./event";
import { type NotificationTarget, wants } from "./target";

const owner = "A1LOCALOWNER";
const attempts = 5;

/** As forms are encoded, but for slashes. */
const encodeKey = (key: string): string =>
  encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+")
    .replaceAll("%2F", "/");

const recordOf = (bucket: Bucket, targetId: string, { name, version, caller, requestId }: Happening, now: number) => ({
  eventVersion: "2.1",
  eventSource: "aws:s3",
  awsRegion: region,
  eventTime: new Date(now).toISOString(),
  eventName: name,
  userIdentity: { principalId: `AWS:${caller.name}` },
  requestParameters: { sourceIPAddress: "127.0.0.1" },
  responseElements: { "x-amz-request-id": requestId, "x-amz-id-2": requestId },
  s3: {
    s3SchemaVersion: "1.0",
    configurationId: targetId,
    bucket: { name: bucket.name, ownerIdentity: { principalId: owner }, arn: bucket.arn },
    object: {
      key: encodeKey(version.key),
      ...(!name.endsWith(":Delete") && { size: version.size, eTag: version.etag }),
      ...(version.versionId !== nullVersion && { versionId: version.versionId }),
      sequencer: sequencerOf(version),
    },
  },
});

/** Tells queues, topics and functions what happened to objects. */
export class Notifier {
  constructor(
    private readonly cloud: Cloud,
    private readonly emit: Emit | undefined,
  ) {}

  tell(bucket: Bucket, happening: Happening): void {
    if (bucket.settings.eventBridge) this.emit?.(eventOf(bucket, happening));
    const now = this.cloud.clock.now();
    for (const target of bucket.settings.notifications) {
      if (!wants(target, happening.name, happening.version.key)) continue;
      this.#send(bucket, target, JSON.stringify({ Records: [recordOf(bucket, target.id, happening, now)] }), 1);
    }
  }

  /** Sends what S3 sends to see whether it may. A function is not called for that, but must let itself be called. */
  async tryOut(bucket: Bucket, targets: readonly NotificationTarget[], requestId: string): Promise<void> {
    const body = JSON.stringify({
      Service: "Amazon S3",
      Event: "s3:TestEvent",
      Time: new Date(this.cloud.clock.now()).toISOString(),
      Bucket: bucket.name,
      RequestId: requestId,
      HostId: requestId,
    });
    for (const { kind, arn } of targets) {
      const trial = kind === "CloudFunction";
      await this.cloud.deliver({ to: arn, body, from: this.#from(bucket), trial }).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        throw invalidArgument("Unable to validate the following destination configurations", arn, why);
      });
    }
  }

  #from(bucket: Bucket): Principal {
    return service("s3.amazonaws.com", { sourceArn: bucket.arn, sourceAccount: account });
  }

  #send(bucket: Bucket, target: NotificationTarget, body: string, attempt: number): void {
    const { clock, activity, trace } = this.cloud;
    const at = clock.now();
    const span = (outcome: string) =>
      trace.add({
        at,
        durationMs: clock.now() - at,
        service: "s3",
        operation: "notify",
        resource: target.arn,
        caller: bucket.arn,
        outcome,
      });
    void activity.during("s3 notification", async () => {
      try {
        await this.cloud.deliver({ to: target.arn, body, from: this.#from(bucket) });
        span("done");
      } catch (error) {
        span(error instanceof AwsError ? error.code : "InternalFailure");
        if (attempt >= attempts || (error instanceof AwsError && error.status === 403)) return;
        clock.after(1_000 * 2 ** attempt, "work", () => this.#send(bucket, target, body, attempt + 1));
      }
    });
  }
}
