import { expect } from "chai";
import * as fc from "fast-check";
import { decide, type Policies } from "../../../local/iam/decide";
import {
  account,
  developer,
  eventBridge,
  keyArn,
  partner,
  partnerTeam,
  policyOf,
  queueArn,
  role,
  roleArn,
} from "./world";

const actions = ["sqs:SendMessage", "sqs:ReceiveMessage", "kms:Decrypt", "sts:AssumeRole"];
const resources = [queueArn, `${queueArn}-dlq`, keyArn, "*"];
const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });

const conditions = fc.constantFrom(
  {},
  { Condition: { Bool: { "aws:SecureTransport": "false" } } },
  { Condition: { StringNotEquals: { "aws:SourceAccount": account } } },
  { Condition: { StringEqualsIfExists: { "aws:SourceAccount": partner } } },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable, not a template
  { Condition: { StringLike: { "aws:PrincipalArn": "arn:*:${aws:PrincipalAccount}:*" } } },
);

const principals = fc.constantFrom<object>(
  { Principal: "*" },
  { Principal: { AWS: account } },
  { Principal: { AWS: [partner, roleArn] } },
  { Principal: { Service: "events.amazonaws.com" } },
  { NotPrincipal: { AWS: [account, roleArn] } },
);

const bodies = fc
  .record({
    what: fc.oneof(
      some([...actions, "sqs:*", "*"]).map((Action): object => ({ Action })),
      some(actions).map((NotAction): object => ({ NotAction })),
    ),
    where: fc.oneof(
      some([...resources, "arn:aws:sqs:*:*:*-dlq"]).map((Resource): object => ({ Resource })),
      some(resources).map((NotResource): object => ({ NotResource })),
    ),
    when: conditions,
  })
  .map(({ what, where, when }): object => ({ ...what, ...where, ...when }));

const effects = fc.constantFrom("Allow", "Deny");
const identityStatements = fc
  .record({ body: bodies, Effect: effects })
  .map(({ body, Effect }): object => ({ ...body, Effect }));
const resourceStatements = fc
  .record({ statement: identityStatements, whom: principals })
  .map(({ statement, whom }): object => ({ ...statement, ...whom }));

const situations = fc.record({
  identity: fc.array(identityStatements, { minLength: 1, maxLength: 3 }),
  resource: fc.array(resourceStatements, { minLength: 1, maxLength: 3 }),
  more: fc.record({ identity: identityStatements, resource: resourceStatements }),
  side: fc.constantFrom("identity" as const, "resource" as const),
  principal: fc.constantFrom(role, developer, eventBridge, partnerTeam),
  action: fc.constantFrom(...actions),
  resourceArn: fc.constantFrom(...resources),
  secure: fc.constantFrom("true", "false"),
  sameAccount: fc.boolean(),
});

const beforeAndAfter = (Effect: "Allow" | "Deny", permitted: (before: boolean, after: boolean) => boolean): void => {
  let changed = 0;
  fc.assert(
    fc.property(
      situations,
      ({ identity, resource, more, side, principal, action, resourceArn, secure, sameAccount }) => {
        const added = { ...more[side], Effect };
        const ask = (policies: Policies): boolean =>
          decide({ principal, action, resource: resourceArn, context: { "aws:SecureTransport": secure } }, policies)
            .allowed;
        const policiesOf = (own: object[], on: object[]): Policies => ({
          identity: [policyOf("identity", ...own)],
          resource: policyOf("resource", ...on),
          sameAccount,
        });
        const before = ask(policiesOf(identity, resource));
        const after = ask(
          side === "identity" ? policiesOf([...identity, added], resource) : policiesOf(identity, [...resource, added]),
        );
        if (before !== after) changed++;
        return permitted(before, after);
      },
    ),
    { numRuns: 1_500, seed: 9 },
  );
  expect(changed, "statements that made a difference").to.be.greaterThan(20);
};

describe("decisions", () => {
  it("never allow more for a Deny that is added", () => {
    beforeAndAfter("Deny", (before, after) => before || !after);
  });

  it("never deny more for an Allow that is added", () => {
    beforeAndAfter("Allow", (before, after) => !before || after);
  });
});
