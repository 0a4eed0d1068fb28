import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "./grants";

/** What a role may do, as its one inline policy. */
export const rolePolicy = (
  name: string,
  role: aws.iam.Role,
  statements: readonly Statement[],
  opts: pulumi.CustomResourceOptions,
): aws.iam.RolePolicy =>
  new aws.iam.RolePolicy(
    name,
    {
      role: role.name,
      policy: pulumi
        .all(
          statements.map(({ actions, resources }) =>
            pulumi.all([...resources]).apply((Resource) => ({ actions, Resource })),
          ),
        )
        .apply((resolved) =>
          JSON.stringify({
            Version: "2012-10-17",
            Statement: resolved.map(({ actions, Resource }) => ({ Effect: "Allow", Action: actions, Resource })),
          }),
        ),
    },
    opts,
  );
