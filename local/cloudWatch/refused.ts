export type RefusalKind = "invalid" | "unsupported" | "notFound" | "alreadyExists";

/** What was asked for is wrong, or is not supported here: the message names it, the kind tells which AWS error to answer. */
export class Refused extends Error {
  override name = "Refused";

  constructor(
    readonly kind: RefusalKind,
    message: string,
  ) {
    super(message);
  }
}

export const invalid = (message: string): Refused => new Refused("invalid", message);

export const unsupported = (what: string): Refused => new Refused("unsupported", `${what} is not supported`);
