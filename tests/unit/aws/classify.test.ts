import { AuthorizationErrorException, KMSThrottlingException } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { classify } from "../../../functions/processing/aws/classify";
import { errorKind, Failure } from "../../../functions/processing/failure";

const serviceError = (name: string, over: object = {}) =>
  Object.assign(new Error("said so"), { name, $fault: "client", ...over });
const cancelled = (...codes: (string | undefined)[]) =>
  serviceError("TransactionCanceledException", { CancellationReasons: codes.map((Code) => ({ Code })) });

const said = { message: "said so", $metadata: { httpStatusCode: 400 } };

describe("classifying what an AWS call threw", () => {
  const cases: [string, unknown, string, string][] = [
    ["throttling", serviceError("ProvisionedThroughputExceededException"), "throttled", "DynamoDB"],
    ["a request limit", serviceError("RequestLimitExceeded"), "throttled", "DynamoDB"],
    ["a condition not met", serviceError("ConditionalCheckFailedException"), "conflict", "DynamoDB"],
    ["a transaction in the way", serviceError("TransactionConflictException"), "conflict", "DynamoDB"],
    ["another writer of the same object", serviceError("ConditionalRequestConflict"), "conflict", "DynamoDB"],
    ["a missing permission", serviceError("AccessDeniedException"), "denied", "Permission"],
    ["a topic's refusal", new AuthorizationErrorException(said), "denied", "Permission"],
    ["a credential that is over", serviceError("ExpiredToken"), "denied", "Permission"],
    ["too much asked of a key", new KMSThrottlingException(said), "throttled", "DynamoDB"],
    ["what SNS says of too many", serviceError("Throttling"), "throttled", "DynamoDB"],
    ["too many messages under way", serviceError("OverLimit"), "throttled", "DynamoDB"],
    ["a 429", serviceError("Strange", { $metadata: { httpStatusCode: 429 } }), "throttled", "DynamoDB"],
    ["a 408", serviceError("ModelTimeoutException", { $metadata: { httpStatusCode: 408 } }), "unavailable", "DynamoDB"],
    ["a request that took too long to come", serviceError("RequestTimeout"), "unavailable", "Network"],
    ["an unknown key", serviceError("UnrecognizedClientException"), "denied", "Permission"],
    ["a server's fault", serviceError("InternalServerError", { $fault: "server" }), "unavailable", "DynamoDB"],
    [
      "a 503",
      serviceError("Strange", { $fault: undefined, $metadata: { httpStatusCode: 503 } }),
      "unavailable",
      "DynamoDB",
    ],
    [
      "a refused connection",
      serviceError("Error", { $fault: undefined, code: "ECONNREFUSED" }),
      "unavailable",
      "Network",
    ],
    ["a time-out", serviceError("TimeoutError", { $fault: undefined }), "unavailable", "Network"],
    ["a malformed request", serviceError("ValidationException"), "permanent", "DynamoDB"],
    ["a bug of ours", new TypeError("undefined is not a function"), "permanent", "Other"],
    ["something that is no error", "boom", "permanent", "DynamoDB"],
    ["a cancelled condition", cancelled("None", "ConditionalCheckFailed"), "conflict", "DynamoDB"],
    ["a cancelled conflict", cancelled("TransactionConflict", "None"), "conflict", "DynamoDB"],
    ["a cancelled throttle", cancelled("ThrottlingError", undefined), "throttled", "DynamoDB"],
    ["a cancelled validation", cancelled("ConditionalCheckFailed", "ValidationError"), "permanent", "DynamoDB"],
    ["a cancelled permission", cancelled("AccessDenied", "ValidationError"), "denied", "Permission"],
    ["a cancellation without a reason", serviceError("TransactionCanceledException"), "unavailable", "DynamoDB"],
  ];
  for (const [what, error, category, kind] of cases) {
    it(`takes ${what} for ${category}, counted under ${kind}`, () => {
      const failure = classify(error, "dynamodb");
      expect([failure.category, errorKind(failure)]).to.deep.equal([category, kind]);
    });
  }

  it("knows a condition of ours from another transaction's conflict", () => {
    expect(classify(cancelled("ConditionalCheckFailed", "TransactionConflict"), "dynamodb").conditionFailed).to.equal(
      true,
    );
    expect(classify(cancelled("TransactionConflict"), "dynamodb").conditionFailed).to.equal(false);
  });

  it("leaves a failure as it is", () => {
    const failure = new Failure("validation", "no", { origin: "input" });
    expect(classify(failure, "dynamodb")).to.equal(failure);
    expect(errorKind(failure)).to.equal("Validation");
  });
});
