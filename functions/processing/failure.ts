/**
 * Every error in the platform ends up as one of these. What happens next (retry, redelivery, dead letter, metric, log
 * level) is read from its category, so that no call site decides that on its own.
 */
export type Category = "validation" | "conflict" | "throttled" | "unavailable" | "denied" | "permanent";

/** Which part of the world failed: the word under which the error is counted. */
export type Origin = "input" | "dynamodb" | "network" | "provider" | "aws" | "code";

export interface FailureOptions {
  origin?: Origin;
  /** The field of the input that was refused, as a path such as `detail.earningsDate`. */
  field?: string;
  cause?: unknown;
  /** Set where a condition of ours was not met, with the item as it stood. */
  conditionFailed?: boolean;
}

export class Failure extends Error {
  readonly category: Category;
  readonly origin: Origin;
  readonly field: string | undefined;
  readonly conditionFailed: boolean;

  constructor(category: Category, message: string, options: FailureOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "Failure";
    this.category = category;
    this.origin = options.origin ?? "code";
    this.field = options.field;
    this.conditionFailed = options.conditionFailed ?? false;
  }
}

interface Treatment {
  /** Worth another try within this invocation. */
  retry: boolean;
  /** `dead-letter`: no try can ever succeed, so the consumer itself hands it over with the reason. */
  end: "dead-letter" | "redeliver";
}

export const treatment: Record<Category, Treatment> = {
  validation: { retry: false, end: "dead-letter" },
  permanent: { retry: false, end: "dead-letter" },
  conflict: { retry: true, end: "redeliver" },
  throttled: { retry: true, end: "redeliver" },
  unavailable: { retry: true, end: "redeliver" },
  // Never acknowledged by us: a missing permission may be granted while the queue keeps the event.
  denied: { retry: false, end: "redeliver" },
};

/** The error categories operators see, each with a metric of its own. */
export type ErrorKind = "Validation" | "DynamoDB" | "Network" | "Provider" | "Permission" | "Other";
export const errorKinds: readonly ErrorKind[] = [
  "Validation",
  "DynamoDB",
  "Network",
  "Provider",
  "Permission",
  "Other",
];

const kindOfOrigin: Record<Origin, ErrorKind> = {
  input: "Validation",
  dynamodb: "DynamoDB",
  network: "Network",
  provider: "Provider",
  aws: "Other",
  code: "Other",
};

export const errorKind = (failure: Failure): ErrorKind => {
  if (failure.category === "denied") return "Permission";
  if (failure.category === "validation") return "Validation";
  return kindOfOrigin[failure.origin];
};

/** What a log line says of why: the fields by which runbooks ask. */
export const causeOf = (failure: Failure) => ({
  category: failure.category,
  kind: errorKind(failure),
  ...(failure.field !== undefined && { field: failure.field }),
  reason: failure.message,
});
