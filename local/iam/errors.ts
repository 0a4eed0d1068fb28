/** `malformed`: AWS refuses the document too. `unsupported`: AWS would take it, the embedded cloud does not know it. */
export type PolicyErrorKind = "malformed" | "unsupported";

export class PolicyError extends Error {
  override name = "PolicyError";

  constructor(
    readonly kind: PolicyErrorKind,
    message: string,
  ) {
    super(message);
  }
}

/** Says of every refusal while compiling where in which policy it lies. */
export const within = <T>(where: string, compile: () => T): T => {
  try {
    return compile();
  } catch (error) {
    throw error instanceof PolicyError ? new PolicyError(error.kind, `${where}: ${error.message}`) : error;
  }
};
