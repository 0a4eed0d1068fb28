import { redactText } from "../redact";

/** What a state machine caught: an error's name, and as its cause what Lambda answered. */
export interface Caught {
  Error: string;
  Cause: string;
}

const longest = 500;

/** The reason in a caught error, in one line. */
export const reasonIn = ({ Error: name, Cause: cause }: Caught): string => {
  let message = cause;
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown };
    if (typeof errorMessage === "string") message = errorMessage;
  } catch {
    // Not an answer of Lambda's: taken as it is.
  }
  return redactText([name, message].filter(Boolean).join(": ")).slice(0, longest);
};
