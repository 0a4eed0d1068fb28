import type { ProgramFailure } from "./program";

const placesAtMost = 5;

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, "  ");

/** Some say where they happened themselves. */
const reasonOf = ({ at, message }: ProgramFailure): string =>
  message.startsWith(`${at}: `) ? message.slice(at.length + 2) : message;

/** What went wrong, each reason once, with where it did. */
export const told = (failures: readonly ProgramFailure[]): string => {
  const lines = Array.from(Map.groupBy(failures, reasonOf), ([reason, places]) => {
    const more = places.length - placesAtMost;
    return [
      indented(reason),
      ...places.slice(0, placesAtMost).map(({ at }) => `    at ${at}`),
      ...(more > 0 ? [`    and at ${more} more`] : []),
    ];
  });
  return lines.flat().join("\n");
};
