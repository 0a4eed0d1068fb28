import type { AnalyticsType } from "./plan";

/** The event that asked, once: whoever finds this row has nothing to ask for any more. */
export const askedKey = (owner: string, eventId: string) => ({ owner, analytics_key: `EVENT#${eventId}` });
export const statusKey = (owner: string, type: AnalyticsType) => ({ owner, analytics_key: `STATUS#${type}` });
export const resultKey = (owner: string, type: AnalyticsType) => ({ owner, analytics_key: `RESULT#${type}` });
