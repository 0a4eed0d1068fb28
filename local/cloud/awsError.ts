/** An error as AWS's services answer it: a code, a sentence, an HTTP status. */
export class AwsError extends Error {
  override name = "AwsError";

  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** What the error's JSON body has beside its message, such as CancellationReasons. */
    readonly more: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/** What the embedded cloud does not do is refused by name, never ignored. */
export const unsupported = (what: string): AwsError =>
  new AwsError("NotImplemented", `The embedded cloud does not support ${what}.`, 501);
