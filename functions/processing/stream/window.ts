/** Windows by event time, in UTC. */

const hourMs = 3_600_000;

let latest = { number: Number.NaN, hour: "" };

/** Such as 2026-11-28T04. Most events are of the same hour as the one before. */
export const hourOf = (timestamp: number): string => {
  const number = Math.floor(timestamp / hourMs);
  if (number !== latest.number) latest = { number, hour: new Date(timestamp).toISOString().slice(0, 13) };
  return latest.hour;
};

/** Of an hour: 2026-11-28. */
export const dayOf = (hour: string): string => hour.slice(0, 10);

export const hoursOf = (day: string): string[] =>
  Array.from({ length: 24 }, (_, hour) => `${day}T${String(hour).padStart(2, "0")}`);

export const startOf = (hour: string): number => Date.parse(`${hour}:00:00Z`);

export const endOf = (hour: string): number => startOf(hour) + hourMs;

/** The 24 of them. */
export const hoursBefore = (hour: string): string[] =>
  Array.from({ length: 24 }, (_, at) => hourOf(startOf(hour) - (at + 1) * hourMs));
