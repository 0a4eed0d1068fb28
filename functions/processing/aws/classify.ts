import { type Category, Failure, type Origin } from "../failure";

interface ServiceError {
  name: string;
  message: string;
  code?: string;
  $fault?: string;
  $metadata?: { httpStatusCode?: number };
  CancellationReasons?: { Code?: string }[];
}

const throttled = new Set([
  "ExecutionLimitExceeded",
  "KMSThrottlingException",
  "KmsThrottled",
  "ModelNotReadyException",
  "OverLimit",
  "ProvisionedThroughputExceededException",
  "ProvisionedThroughputExceeded",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingError",
  "ThrottlingException",
  "TooManyRequestsException",
]);

const denied = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthorizationErrorException",
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignature",
  "InvalidSignatureException",
  "KMSAccessDeniedException",
  "MissingAuthenticationTokenException",
  "UnrecognizedClientException",
]);

const conflict = new Set([
  "ConditionalCheckFailed",
  "ConditionalCheckFailedException",
  "ConditionalRequestConflict",
  "TransactionConflict",
  "TransactionConflictException",
  "TransactionInProgressException",
]);

const network = new Set([
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "NetworkingError",
  "RequestTimeout",
  "TimeoutError",
]);

const tooManyRequests = 429;
const requestTimeout = 408;

const isServiceError = (error: unknown): error is ServiceError => error instanceof Error;

/** Makes a Failure of whatever an AWS SDK call threw. */
export const classify = (error: unknown, origin: Origin): Failure => {
  if (error instanceof Failure) return error;
  if (!isServiceError(error)) return new Failure("permanent", String(error), { origin, cause: error });
  if (error.name === "TransactionCanceledException") return classifyCancellation(error, origin);

  const failure = (category: Category, from = origin, conditionFailed = false) =>
    new Failure(category, `${error.name}: ${error.message}`, { origin: from, cause: error, conditionFailed });

  if (denied.has(error.name)) return failure("denied");
  const status = error.$metadata?.httpStatusCode;
  if (throttled.has(error.name) || status === tooManyRequests) return failure("throttled");
  if (conflict.has(error.name)) return failure("conflict", origin, error.name.startsWith("ConditionalCheckFailed"));
  if (network.has(error.code ?? "") || network.has(error.name)) return failure("unavailable", "network");
  if (error.$fault === "server" || status === requestTimeout || (status !== undefined && status >= 500))
    return failure("unavailable");
  if (error.$fault === "client" || status !== undefined) return failure("permanent");
  return failure("permanent", "code");
};

/** The gravest reason decides: a cancelled transaction is worth another try only if every reason is. */
const classifyCancellation = (error: ServiceError, origin: Origin): Failure => {
  const codes = (error.CancellationReasons ?? [])
    .map((reason) => reason.Code ?? "None")
    .filter((code) => code !== "None");
  const make = (category: Category, conditionFailed = false) =>
    new Failure(category, `TransactionCanceledException: ${codes.join(", ") || "no reason given"}`, {
      origin,
      cause: error,
      conditionFailed,
    });
  if (codes.some((code) => denied.has(code))) return make("denied");
  if (codes.some((code) => !conflict.has(code) && !throttled.has(code))) return make("permanent");
  if (codes.includes("ConditionalCheckFailed")) return make("conflict", true);
  if (codes.some((code) => conflict.has(code))) return make("conflict");
  return make(codes.length > 0 ? "throttled" : "unavailable");
};
