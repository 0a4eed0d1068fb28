import { expect } from "chai";
import { compilePolicy } from "../../../local/iam/policy";
import type { PolicyKind } from "../../../local/iam/statement";
import { allow, policyOf, queueArn, refusal } from "./world";

const send = { Effect: "Allow", Action: "sqs:SendMessage", Resource: queueArn };
const { Resource: _, ...anywhere } = send;
const { Action: __, ...anything } = send;
const everyone = { Principal: "*" };

const refused = (kind: PolicyKind, ...statements: unknown[]): string =>
  refusal(() => compilePolicy({ Version: "2012-10-17", Statement: statements }, { name: "p", kind }));

describe("policy documents", () => {
  it("are accepted as text or as an object, with one statement or a list", () => {
    const one = { Version: "2012-10-17", Id: "x", Statement: { Sid: "Send", ...send } };
    for (const document of [one, JSON.stringify(one), { ...one, Statement: [one.Statement] }]) {
      const policy = compilePolicy(document, { name: "p", kind: "identity" });
      expect(policy.allows.map(({ sid, place }) => [sid, place])).to.deep.equal([["Send", 1]]);
      expect(policy.denies).to.deep.equal([]);
    }
  });

  it("tell every condition key that they depend on", () => {
    const policy = policyOf(
      "identity",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable, not a template
      allow("s3:GetObject", ["arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::public/*"]),
      allow("s3:PutObject", "*", {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable, not a template
        Condition: { StringEquals: { "s3:Prefix": ["${aws:PrincipalAccount}", "x"] }, Bool: { "aws:MFA": "true" } },
      }),
    );
    expect([...policy.keys].sort()).to.deep.equal(["aws:mfa", "aws:principalaccount", "aws:username", "s3:prefix"]);
  });

  const documents: [unknown, string][] = [
    ["{", "malformed: policy p: not JSON"],
    ["[]", "malformed: policy p: a policy must be an object"],
    [undefined, "malformed: policy p: a policy must be an object"],
    [{ Statement: send }, 'unsupported: policy p: Version "2008-10-17" is not known, only "2012-10-17"'],
    [{ Version: "2012", Statement: send }, 'malformed: policy p: Version "2012" is not known, only "2012-10-17"'],
    [{ Version: "2012-10-17", Statements: [] }, "malformed: policy p: the document has an unknown element, Statements"],
    [{ Version: "2012-10-17" }, "malformed: policy p: statement 1: a statement must be an object"],
    [{ Version: "2012-10-17", Statement: [] }, "malformed: policy p: Statement is empty"],
  ];
  for (const [document, expected] of documents) {
    it(`are refused: ${JSON.stringify(document)}`, () => {
      expect(refusal(() => compilePolicy(document, { name: "p", kind: "identity" }))).to.satisfy((text: string) =>
        text.startsWith(expected),
      );
    });
  }

  const statements: [PolicyKind, object, string][] = [
    ["identity", { ...send, Resources: "*" }, "malformed: the statement has an unknown element, Resources"],
    ["identity", { ...send, Effect: "allow" }, 'malformed: Effect must be "Allow" or "Deny"'],
    ["identity", { ...send, NotAction: "sqs:*" }, "malformed: Action and NotAction exclude each other"],
    ["identity", { ...send, NotResource: "*" }, "malformed: Resource and NotResource exclude each other"],
    ["identity", anything, "malformed: Policy statement must contain actions."],
    ["identity", anywhere, "malformed: Policy statement must contain resources."],
    ["identity", { ...send, Action: [] }, "malformed: Action is empty"],
    ["identity", { ...send, Action: 5 }, "malformed: Action must be a text or a list of texts"],
    [
      "identity",
      { ...send, Action: "SendMessage" },
      "malformed: SendMessage is no action: actions must be prefaced by a vendor",
    ],
    ["identity", { ...send, Resource: "jobs" }, 'malformed: jobs must be in ARN format or "*"'],
    [
      "identity",
      { ...send, Resource: "arn:aws:s*:::x" },
      "malformed: arn:aws:s*:::x: a resource's service cannot have wildcards",
    ],
    ["identity", { ...send, ...everyone }, "malformed: Policy document should not specify a principal."],
    ["identity", { ...send, Sid: "Send it" }, "malformed: Statement IDs (SID) must be alpha-numeric."],
    ["identity", { ...send, Sid: 1 }, "malformed: Statement IDs (SID) must be alpha-numeric."],
    ["resource", send, "malformed: Missing required field Principal"],
    [
      "resource",
      { ...send, ...everyone, NotPrincipal: "*" },
      "malformed: Principal and NotPrincipal exclude each other",
    ],
    ["trust", { ...send, ...everyone }, "malformed: Has prohibited field Resource"],
    ["resource", { ...send, Sid: "Send it", ...everyone }, "accepted"],
    ["trust", { ...anywhere, Sid: "", ...everyone }, "accepted"],
    [
      "identity",
      { ...send, Action: ["*", "*:*", "s?s:*"] },
      "malformed: s?s:* is no action: actions must be prefaced by a vendor",
    ],
  ];
  for (const [kind, statement, expected] of statements) {
    it(`${expected === "accepted" ? "accept" : "refuse"} in ${kind} policies: ${JSON.stringify(statement)}`, () => {
      const located = expected.replace(/: /, ": policy p: statement 1: ");
      expect(refused(kind, statement)).to.equal(located);
    });
  }

  it("have no Sid twice, though a Sid may be a number", () => {
    expect(refused("identity", { ...send, Sid: "A" }, { ...send, Sid: "A" })).to.equal(
      "malformed: policy p: Statement IDs (SID) in a single policy must be unique, but A is not.",
    );
    expect(refused("identity", { ...send, Sid: "2" }, send)).to.equal("accepted");
  });
});
