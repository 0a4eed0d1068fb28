import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Bucket } from "./buckets";
import type { Settings } from "./settings";

/** A year, in which an import can be looked into. What was in a file lives on where it was stored. */
const keptDays = 365;
const preflightSeconds = 3_600;

/**
 * Where people put files, by a URL that was signed for one of them. S3 tells the default bus of each, from which a Consumer
 * takes it like any other event: what could not be handled waits in a queue, and ends with the dead letters.
 */
export class Uploads extends pulumi.ComponentResource {
  /** For what a function needs of it: its name is in `<LABEL>_BUCKET`. */
  readonly bucket: Bucket;
  /** What selects the events of its files. */
  readonly eventPattern: pulumi.Output<string>;

  constructor(
    readonly label: string,
    settings: Settings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:Uploads", label, {}, opts);
    this.bucket = new Bucket(label, { keptDays }, settings, { parent: this });
    this.eventPattern = this.bucket.resource.bucket.apply((name) =>
      JSON.stringify({ source: ["aws.s3"], "detail-type": ["Object Created"], detail: { bucket: { name: [name] } } }),
    );
    this.tell();
    if (settings.corsOrigins.length > 0) this.admitPages(settings.corsOrigins);
    this.registerOutputs({ bucket: this.bucket.resource.bucket });
  }

  private tell(): void {
    new aws.s3.BucketNotification(
      this.label,
      { bucket: this.bucket.resource.bucket, eventbridge: true },
      { parent: this },
    );
  }

  private admitPages(allowedOrigins: string[]): void {
    new aws.s3.BucketCorsConfiguration(
      this.label,
      {
        bucket: this.bucket.resource.bucket,
        corsRules: [
          {
            id: "upload",
            allowedOrigins,
            allowedMethods: ["PUT"],
            // Which of them may be sent is in the signature of the URL.
            allowedHeaders: ["*"],
            exposeHeaders: ["etag", "x-amz-version-id"],
            maxAgeSeconds: preflightSeconds,
          },
        ],
      },
      { parent: this },
    );
  }
}
