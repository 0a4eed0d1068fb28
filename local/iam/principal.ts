import type { Facts } from "./context";

/** Who calls. What a policy may name them by, and which condition keys they bring, is settled when they are made. */
export interface Principal {
  kind: "administrator" | "role" | "service" | "external";
  /** As AWS's messages name the caller: an ARN, or the name of a service. */
  name: string;
  /** Undefined for a service, which belongs to no account. */
  account: string | undefined;
  /** Every ARN under which a policy means this caller, without the account's: a session is also its role. */
  arns: readonly string[];
  facts: Facts;
}

interface IamName {
  partition: string;
  account: string;
  /** Without its path: a session's ARN has none. */
  name: string;
}

const parseIamArn = (arn: string, type: "user" | "role"): IamName => {
  const [, partition, account, found, name] =
    /^arn:(aws[\w-]*):iam::(\d{12}):(user|role)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (!partition || !account || !name || found !== type) throw new Error(`${arn} is not the ARN of a ${type}`);
  return { partition, account, name };
};

const ofAccount = (account: string, arn: string, type: string): Facts => ({
  "aws:PrincipalArn": arn,
  "aws:PrincipalAccount": account,
  "aws:PrincipalType": type,
  "aws:PrincipalIsAWSService": "false",
});

/** The person at this machine: a user who may do everything that no resource refuses. */
export const administrator = (userArn: string): Principal => {
  const { account, name } = parseIamArn(userArn, "user");
  return {
    kind: "administrator",
    name: userArn,
    account,
    arns: [userArn],
    facts: { ...ofAccount(account, userArn, "User"), "aws:username": name },
  };
};

/** A role at work: what a function's credentials stand for. */
export const roleSession = (roleArn: string, session: string): Principal => {
  const { partition, account, name } = parseIamArn(roleArn, "role");
  const sessionArn = `arn:${partition}:sts::${account}:assumed-role/${name}/${session}`;
  return {
    kind: "role",
    name: sessionArn,
    account,
    arns: [roleArn, sessionArn],
    facts: ofAccount(account, roleArn, "AssumedRole"),
  };
};

/** A service of AWS's at work for one of our resources. */
export const service = (
  name: string,
  source: { sourceArn?: string | undefined; sourceAccount?: string | undefined } = {},
): Principal => ({
  kind: "service",
  name,
  account: undefined,
  arns: [],
  facts: {
    "aws:PrincipalIsAWSService": "true",
    "aws:PrincipalServiceName": name,
    ...(source.sourceArn !== undefined && { "aws:SourceArn": source.sourceArn }),
    ...(source.sourceAccount !== undefined && { "aws:SourceAccount": source.sourceAccount }),
  },
});

/** Whoever shows no key. */
export const anonymous: Principal = { kind: "external", name: "anonymous", account: undefined, arns: [], facts: {} };

/** Another team's account, here by its root, which its own policies let do everything. */
export const externalAccount = (account: string): Principal => {
  const root = `arn:aws:iam::${account}:root`;
  return { kind: "external", name: root, account, arns: [], facts: ofAccount(account, root, "Account") };
};
