const dayMs = 86_400_000;

/** The next moment of this hour in UTC, minutes as its fraction, given what the clock shows. */
export const nextAt =
  (hour: number) =>
  (now: number): number => {
    const today = new Date(now);
    today.setUTCHours(0, 0, 0, 0);
    const moment = today.getTime() + hour * 3_600_000;
    return moment > now ? moment : moment + dayMs;
  };
