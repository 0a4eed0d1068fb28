import { AwsError } from "../cloud/awsError";

/** Bytes of a payload, by the type of its invocation. */
const largest = { RequestResponse: 6_291_456, Event: 1_048_576 };

/** Throws AWS's refusal unless a function can be invoked with it. */
export const checkPayload = (payload: Buffer, type: keyof typeof largest): void => {
  if (payload.length > largest[type]) {
    throw new AwsError(
      "RequestEntityTooLargeException",
      `${payload.length} byte payload is too large for the ${type} invocation type (limit ${largest[type]} bytes)`,
      413,
      { Type: "User" },
    );
  }
  if (payload.length === 0) return;
  try {
    JSON.parse(payload.toString("utf8"));
  } catch (error) {
    throw new AwsError(
      "InvalidRequestContentException",
      `Could not parse request body into json: Could not parse payload into json: ${error instanceof Error ? error.message : error}`,
      400,
      { Type: "User" },
    );
  }
};
