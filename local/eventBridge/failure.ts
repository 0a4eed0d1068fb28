import { AwsError } from "../cloud/awsError";

/** Why a target did not take an event, in the words of the dead letter's attributes. */
export interface Failure {
  code: string;
  message: string;
  /** Waiting would not help: no retry. */
  permanent: boolean;
}

const kinds: readonly [pattern: RegExp, code: string, permanent: boolean][] = [
  [/AccessDenied|NotAuthorized/, "NO_PERMISSIONS", true],
  [/NotFound|NonExistentQueue|QueueDoesNotExist|^NoSuch/, "NO_RESOURCE", true],
  [/Throttl|TooManyRequests|ThroughputExceeded|SlowDown/, "THROTTLING", false],
  [/^Validation|^Invalid|^NotImplemented$/, "INVALID_PARAMETER", true],
];

export const failureOf = (error: unknown): Failure => {
  if (!(error instanceof AwsError)) return { code: "INTERNAL_ERROR", message: String(error), permanent: false };
  const [, code, permanent] = kinds.find(([pattern]) => pattern.test(error.code)) ?? [
    undefined,
    "ERROR_FROM_TARGET",
    false,
  ];
  return { code, message: error.message, permanent };
};
