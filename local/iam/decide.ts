import { parseArn } from "./arn";
import { contextOf, type Facts } from "./context";
import type { CompiledPolicy } from "./policy";
import type { Principal } from "./principal";
import type { CompiledStatement, Question } from "./statement";

export interface AccessRequest {
  principal: Principal;
  action: string;
  /** An ARN; "*" where the action knows no resources. */
  resource: string;
  /** What is known beside the caller, such as aws:SecureTransport and aws:CurrentTime. */
  context: Facts;
}

export interface Policies {
  identity: readonly CompiledPolicy[];
  resource?: CompiledPolicy | undefined;
  /** Whether caller and resource are of one account. */
  sameAccount: boolean;
}

export type Decision = { allowed: true; by: string } | { allowed: false; explicit: boolean; reason: string };

type Side = "identity" | "resource";

/** A key's and a role's own policy has the last word: what it does not allow or delegate, nothing allows. */
const lastWordIsResources = /^(kms:|sts:assumerole)/;

const cite = ({ name, kind }: CompiledPolicy, { sid, place }: CompiledStatement): string =>
  `${kind} policy ${name}, statement ${sid ?? place}`;

const deniedBy = (policy: CompiledPolicy, principal: Principal, question: Question): boolean =>
  policy.denies.some((statement) => statement.reach(principal) !== "none" && statement.applies(question));

interface Grant {
  by: string;
  /** The resource names the caller itself, and not only its account. */
  direct: boolean;
}

const grantedBy = (policy: CompiledPolicy, principal: Principal, question: Question): Grant | undefined => {
  let delegated: Grant | undefined;
  for (const statement of policy.allows) {
    const reach = statement.reach(principal);
    if (reach === "none" || (delegated && reach === "account") || !statement.applies(question)) continue;
    const grant = { by: cite(policy, statement), direct: reach === "direct" };
    if (grant.direct) return grant;
    delegated = grant;
  }
  return delegated;
};

const denied = ({ principal, action, resource }: AccessRequest, side: Side, explicit: boolean): Decision => {
  const cause = explicit
    ? `with an explicit deny in ${side === "identity" ? "an" : "a"} ${side}-based policy`
    : `because no ${side}-based policy allows the ${action} action`;
  return {
    allowed: false,
    explicit,
    reason: `User: ${principal.name} is not authorized to perform: ${action} on resource: ${resource} ${cause}`,
  };
};

const findIdentityGrant = (policies: Policies, principal: Principal, question: Question): Grant | undefined => {
  if (principal.kind === "external") return { by: `account ${principal.account}`, direct: true };
  for (const policy of policies.identity) {
    const grant = grantedBy(policy, principal, question);
    if (grant) return grant;
  }
  return undefined;
};

/** Answers as IAM would. A Deny anywhere wins; then it depends on who asks, and whose the resource is. */
export const decide = (request: AccessRequest, policies: Policies): Decision => {
  const { principal, action } = request;
  const question: Question = {
    action: action.toLowerCase(),
    resource: parseArn(request.resource),
    context: contextOf(request.context, principal.facts),
  };
  const hasIdentityPolicies = principal.kind === "role";
  if (hasIdentityPolicies && policies.identity.some((policy) => deniedBy(policy, principal, question))) {
    return denied(request, "identity", true);
  }
  if (policies.resource && deniedBy(policies.resource, principal, question)) return denied(request, "resource", true);
  if (principal.kind === "administrator") return { allowed: true, by: "administrator" };

  const resource = policies.resource && grantedBy(policies.resource, principal, question);
  if (principal.kind === "service") {
    return resource ? { allowed: true, by: resource.by } : denied(request, "resource", false);
  }

  const identity = findIdentityGrant(policies, principal, question);
  const crosses = principal.kind === "external" || !policies.sameAccount;
  const needsResource = crosses || (policies.resource !== undefined && lastWordIsResources.test(question.action));
  if (needsResource && !resource) return denied(request, "resource", false);
  const grant = crosses || !resource?.direct ? identity : resource;
  return grant ? { allowed: true, by: grant.by } : denied(request, "identity", false);
};
