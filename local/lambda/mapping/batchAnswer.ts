import { isObject } from "../../eventBridge/envelope";

const everything = "everything";

const parsed = (payload: Buffer): unknown => {
  try {
    return JSON.parse(payload.toString("utf8"));
  } catch {
    return everything;
  }
};

const identifierIn = (failure: unknown): unknown => (isObject(failure) ? failure["itemIdentifier"] : undefined);

/**
 * Which messages a function that reports failures says it failed at. As AWS reads it: nothing said is nothing failed, and
 * an answer that cannot be understood, or names a message that was not sent, is a failure of the whole batch.
 */
export const failedMessages = (payload: Buffer, sent: readonly string[]): ReadonlySet<string> => {
  const all = new Set(sent);
  const answer = parsed(payload);
  if (answer === null) return new Set();
  if (!isObject(answer)) return all;
  const failures = answer["batchItemFailures"] ?? [];
  if (!Array.isArray(failures)) return all;
  const failed = new Set<string>();
  for (const failure of failures) {
    const identifier = identifierIn(failure);
    if (typeof identifier !== "string" || !all.has(identifier)) return all;
    failed.add(identifier);
  }
  return failed;
};
