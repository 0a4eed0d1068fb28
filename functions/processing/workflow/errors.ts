/** By these names a state machine tells what is worth another try from what is not. */
export const transientError = "Transient";
export const permanentError = "Permanent";
