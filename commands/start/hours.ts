/** Between these hours, UTC, all that runs once a day has run. */
export const firstHour = 4;
export const lastHour = 7;
