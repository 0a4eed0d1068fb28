/** An error of the runtime itself, under the name that Lambda gives it. */
const failure = (name, message, stack) => {
  const error = new Error(message);
  error.name = name;
  error.stack = stack ?? `${name}: ${message}`;
  return error;
};

const parts = (error) =>
  error instanceof Error
    ? { type: error.name, message: error.message, trace: String(error.stack ?? "").split("\n") }
    : { type: typeof error, message: String(error), trace: [] };

/** The payload of a failed invocation. */
const describe = (error) => {
  const { type, message, trace } = parts(error);
  return JSON.stringify({ errorType: type, errorMessage: message, trace });
};

/** An error as a field of a log line. */
const logged = (error) => {
  const { type, message, trace } = parts(error);
  return { errorType: type, errorMessage: message, stackTrace: trace };
};

module.exports = { failure, describe, logged };
