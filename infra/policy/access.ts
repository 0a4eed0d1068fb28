import { each, list, ofType, type Resource, type Rule, statementsIn, type Violation, violation } from "./resource";

const shut = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

const unshut = (resources: readonly Resource[]): Violation[] => {
  const blocked = new Set(
    ofType(resources, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").map(({ props }) => props["bucket"]),
  );
  return ofType(resources, "aws:s3/bucket:Bucket").flatMap((bucket) =>
    blocked.has(bucket.props["bucket"]) ? [] : [violation(bucket, "has no block of public access")],
  );
};

export const publicBucket: Rule = {
  name: "public-bucket",
  description: "No bucket may be read or written by everybody.",
  judge: (resources) => [
    ...unshut(resources),
    ...each("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", (props) => {
      const open = shut.filter((name) => props[name] !== true);
      return open.length > 0 ? `${open.join(", ")} must be true` : undefined;
    })(resources),
    ...each("aws:s3/bucketPolicy:BucketPolicy", ({ policy }) =>
      statementsIn(policy).some(
        ({ Effect, Principal }) => Effect === "Allow" && JSON.stringify(Principal).includes('"*"'),
      )
        ? "lets everybody in"
        : undefined,
    )(resources),
  ],
};

const everywhere = new Set<unknown>(["0.0.0.0/0", "::/0"]);
const names = ["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"];

const isOpen = (ingress: unknown): boolean =>
  names.some((name) => list((ingress as Record<string, unknown>)[name]).some((range) => everywhere.has(range)));

export const openGroup: Rule = {
  name: "open-security-group",
  description: "No security group may let the whole internet in.",
  judge: (resources) => [
    ...["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"].flatMap((type) =>
      each(type, ({ ingress }) => (list(ingress).some(isOpen) ? "lets the whole internet in" : undefined))(resources),
    ),
    ...each("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", (props) =>
      isOpen(props) ? "lets the whole internet in" : undefined,
    )(resources),
    ...each("aws:ec2/securityGroupRule:SecurityGroupRule", (props) =>
      props["type"] === "ingress" && isOpen(props) ? "lets the whole internet in" : undefined,
    )(resources),
  ],
};

const rolePolicies = ["aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy"];

const wide = (policy: unknown): string | undefined => {
  const actions = statementsIn(policy)
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action }) => list(Action))
    .filter((action) => String(action).endsWith("*"));
  return actions.length > 0 ? `allows ${actions.join(", ")}` : undefined;
};

const managed = /\/(AdministratorAccess|PowerUserAccess|\w*FullAccess)$/;

export const wideAction: Rule = {
  name: "wide-action",
  description: "A role's actions are named one by one.",
  judge: (resources) => [
    ...rolePolicies.flatMap((type) => each(type, ({ policy }) => wide(policy))(resources)),
    ...each("aws:iam/rolePolicyAttachment:RolePolicyAttachment", ({ policyArn }) =>
      managed.test(String(policyArn)) ? `attaches ${policyArn}` : undefined,
    )(resources),
  ],
};
