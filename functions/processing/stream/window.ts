/** Windows by event time, in UTC. */

/** Such as 2026-11-28T04. */
export const hourOf = (timestamp: number): string => new Date(timestamp).toISOString().slice(0, 13);

/** Of an hour: 2026-11-28. */
export const dayOf = (hour: string): string => hour.slice(0, 10);

export const hoursOf = (day: string): string[] =>
  Array.from({ length: 24 }, (_, hour) => `${day}T${String(hour).padStart(2, "0")}`);

export const startOf = (hour: string): number => Date.parse(`${hour}:00:00Z`);

const hourMs = 3_600_000;

export const endOf = (hour: string): number => startOf(hour) + hourMs;

export const hourBefore = (hour: string): string => hourOf(startOf(hour) - hourMs);
