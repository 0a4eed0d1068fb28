import { PolicyError } from "../../../local/iam/errors";
import { type CompiledPolicy, compilePolicy } from "../../../local/iam/policy";
import { administrator, externalAccount, roleSession, service } from "../../../local/iam/principal";
import type { PolicyKind } from "../../../local/iam/statement";

export const account = "123456789012";
export const partner = "210987654321";
export const roleArn = `arn:aws:iam::${account}:role/signal9-dev-mark`;
export const sessionArn = `arn:aws:sts::${account}:assumed-role/signal9-dev-mark/invocation`;
export const queueArn = `arn:aws:sqs:us-east-1:${account}:signal9-dev-mark`;
export const ruleArn = `arn:aws:events:us-east-1:${account}:rule/signal9-dev-bus/mark`;
export const keyArn = `arn:aws:kms:us-east-1:${account}:key/8f1d`;

export const role = roleSession(roleArn, "invocation");
export const developer = administrator(`arn:aws:iam::${account}:user/developer`);
export const partnerTeam = externalAccount(partner);
export const eventBridge = service("events.amazonaws.com", { sourceArn: ruleArn, sourceAccount: account });

export const policyOf = (kind: PolicyKind, ...statements: object[]): CompiledPolicy =>
  compilePolicy({ Version: "2012-10-17", Statement: statements }, { name: kind, kind });

export const allow = (Action: string | string[], Resource: string | string[], more: object = {}): object => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});

export const deny = (Action: string | string[], Resource: string | string[], more: object = {}): object => ({
  ...allow(Action, Resource, more),
  Effect: "Deny",
});

/** How something was refused: `malformed: …` or `unsupported: …`. */
export const refusal = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof PolicyError) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return "accepted";
};
