import { readMany } from "../aws/readMany";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { statusKey } from "./keys";
import type { AnalyticsType } from "./plan";

/** How one person's analytics of one type stand. */
export interface Status {
  owner: string;
  analytics_key: string;
  type: AnalyticsType;
  status: "pending" | "computed";
  /** Of what waits, the most urgent; 1 before 3. */
  priority: number;
  /** How often it was asked for, and how many of these askings the stored result has seen. */
  requested: number;
  computed: number;
  /** Grows with every write. */
  version: number;
  asked_by: string;
  asked_at: string;
  computed_at?: string;
}

export const readStatuses = async (owner: string, types: readonly AnalyticsType[], run: Run): Promise<Status[]> => {
  const keys = types.map((type) => statusKey(owner, type));
  const consistent = { consistent: true };
  return (await readMany(env("ANALYTICS_STATUS_TABLE"), keys, undefined, run, consistent)) as unknown as Status[];
};

/** Goes only where nobody wrote since it was read. */
export const statusItem = (before: Status | undefined, after: Status) => ({
  Put: {
    TableName: env("ANALYTICS_STATUS_TABLE"),
    Item: after,
    ...(before
      ? { ConditionExpression: "version = :seen", ExpressionAttributeValues: { ":seen": before.version } }
      : { ConditionExpression: "attribute_not_exists(analytics_key)" }),
  },
});
