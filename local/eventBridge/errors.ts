/** An error as EventBridge answers it: the SDK makes the exception's name from `code`. */
export class EventBridgeError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}

export const invalidPattern = (reason: string, place: string): EventBridgeError =>
  new EventBridgeError(
    "InvalidEventPatternException",
    `Event pattern is not valid. Reason: ${reason}${place && ` at ${place}`}`,
  );

export const invalidRequest = (message: string): EventBridgeError =>
  new EventBridgeError("ValidationException", message);
