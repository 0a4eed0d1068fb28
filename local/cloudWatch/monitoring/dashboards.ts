import * as v from "valibot";
import { AwsError } from "../../cloud/awsError";
import type { Operation } from "../../cloud/service";
import { dashboardArn } from "../dashboards";
import { monitoringOperation } from "../wire/dialects";
import { pageOf } from "../wire/page";
import { type Monitored, onAll } from "./surroundings";

const pageSize = 1_000;

const getDashboard = ({ dashboards }: Monitored) =>
  monitoringOperation("GetDashboard", v.strictObject({ DashboardName: v.string() }), {
    access: ({ DashboardName }) => ({ action: "cloudwatch:GetDashboard", resource: dashboardArn(DashboardName) }),
    run: ({ DashboardName }) => {
      const found = dashboards.get(DashboardName);
      if (!found) throw new AwsError("DashboardNotFoundError", `Dashboard ${DashboardName} does not exist`, 404);
      return { DashboardArn: dashboardArn(found.name), DashboardName: found.name, DashboardBody: found.body };
    },
  });

const listDashboards = ({ dashboards }: Monitored) =>
  monitoringOperation(
    "ListDashboards",
    v.strictObject({ DashboardNamePrefix: v.exactOptional(v.string(), ""), NextToken: v.exactOptional(v.string()) }),
    {
      access: () => onAll("ListDashboards"),
      run: ({ DashboardNamePrefix, NextToken }) => {
        const found = [...dashboards.values()].filter(({ name }) => name.startsWith(DashboardNamePrefix));
        const page = pageOf(found, pageSize, NextToken);
        return {
          DashboardEntries: page.items.map(({ name, body, modifiedAt }) => ({
            DashboardName: name,
            DashboardArn: dashboardArn(name),
            LastModified: modifiedAt / 1_000,
            Size: Buffer.byteLength(body),
          })),
          NextToken: page.next,
        };
      },
    },
  );

export const dashboardOperations = (monitored: Monitored): Record<string, Operation> => ({
  ...getDashboard(monitored),
  ...listDashboards(monitored),
});
