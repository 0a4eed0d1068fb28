import { account } from "../cloud/cloud";

export interface Dashboard {
  name: string;
  /** JSON. */
  body: string;
  modifiedAt: number;
}

export type Dashboards = Map<string, Dashboard>;

export const dashboardArn = (name: string): string => `arn:aws:cloudwatch::${account}:dashboard/${name}`;
