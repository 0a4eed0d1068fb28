import type { EmbeddedCloud } from "../../local/embedded";

const everyMs = 500;

/** Tells of each function that begins to fail, with the reason: once, until it works again or fails for another. */
export const tellTroubles = (
  { services }: Pick<EmbeddedCloud, "services">,
  tell: (line: string) => void,
): (() => void) => {
  const told = new Map<string, string>();
  const look = (): void => {
    for (const [name, { failedInARow, lastError = "" }] of Object.entries(services.lambda.stats().functions)) {
      if (failedInARow === 0) told.delete(name);
      else if (told.get(name) !== lastError) {
        told.set(name, lastError);
        tell(`${name} fails: ${lastError}`);
      }
    }
  };
  const timer = setInterval(look, everyMs);
  return () => clearInterval(timer);
};
