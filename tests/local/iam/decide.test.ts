import { expect } from "chai";
import { type Decision, decide } from "../../../local/iam/decide";
import type { CompiledPolicy } from "../../../local/iam/policy";
import { type Principal, roleSession } from "../../../local/iam/principal";
import {
  account,
  allow,
  deny,
  developer,
  eventBridge,
  keyArn,
  partner,
  partnerTeam,
  policyOf,
  queueArn,
  role,
  roleArn,
  ruleArn,
  sessionArn,
} from "./world";

const send = "sqs:SendMessage";
const root = `arn:aws:iam::${account}:root`;
const mayNot = `User: ${sessionArn} is not authorized to perform: ${send} on resource: ${queueArn}`;

interface Ask {
  principal?: Principal;
  action?: string;
  resource?: string;
  context?: Record<string, string>;
  identity?: CompiledPolicy[];
  on?: CompiledPolicy;
  sameAccount?: boolean;
}

const ask = ({
  principal = role,
  action = send,
  resource = queueArn,
  context = {},
  identity = [],
  on,
  sameAccount = true,
}: Ask): Decision => decide({ principal, action, resource, context }, { identity, resource: on, sameAccount });

const outcome = (decision: Decision): string => (decision.allowed ? decision.by : decision.reason);

const granted = policyOf("identity", allow("sqs:Send*", queueArn));
const refusing = policyOf("identity", deny("*", "*"));
const onQueue = (Principal: unknown, more: object = {}): CompiledPolicy =>
  policyOf("resource", { Sid: "Senders", Principal, ...allow(send, queueArn, more) });
const tlsOnly = policyOf("resource", {
  Principal: "*",
  ...deny("sqs:*", queueArn, { Condition: { Bool: { "aws:SecureTransport": "false" } } }),
});
const plainText = { "aws:SecureTransport": "false" };

describe("a role's request within its account", () => {
  it("is refused where nothing allows it", () => {
    expect(ask({})).to.deep.equal({
      allowed: false,
      explicit: false,
      reason: `${mayNot} because no identity-based policy allows the ${send} action`,
    });
  });

  it("is allowed by a policy of the role, and told by which statement", () => {
    expect(ask({ identity: [granted] })).to.deep.equal({ allowed: true, by: "identity policy identity, statement 1" });
  });

  it("takes actions without regard to case, and resources with it", () => {
    expect(ask({ identity: [granted], action: "SQS:sendMessageBatch" }).allowed).to.equal(true);
    expect(ask({ identity: [granted], resource: queueArn.toUpperCase() }).allowed).to.equal(false);
  });

  it("is allowed by what is not excluded", () => {
    const others = policyOf("identity", { Effect: "Allow", NotAction: "sqs:Delete*", NotResource: `${queueArn}-dlq` });
    expect(ask({ identity: [others] }).allowed).to.equal(true);
    expect(ask({ identity: [others], action: "sqs:DeleteQueue" }).allowed).to.equal(false);
    expect(ask({ identity: [others], resource: `${queueArn}-dlq` }).allowed).to.equal(false);
  });

  it("is allowed by the resource alone if that names the role, its session or everyone", () => {
    for (const principal of [{ AWS: roleArn }, { AWS: sessionArn }, "*"]) {
      expect(outcome(ask({ on: onQueue(principal) }))).to.equal("resource policy resource, statement Senders");
    }
  });

  it("is not allowed by a resource that names only the account", () => {
    expect(outcome(ask({ on: onQueue({ AWS: root }) }))).to.equal(
      `${mayNot} because no identity-based policy allows the ${send} action`,
    );
    expect(ask({ on: onQueue({ AWS: root }), identity: [granted] }).allowed).to.equal(true);
  });

  it("is refused by a Deny on either side, whatever allows it", () => {
    expect(ask({ identity: [granted, refusing], on: onQueue("*") })).to.deep.equal({
      allowed: false,
      explicit: true,
      reason: `${mayNot} with an explicit deny in an identity-based policy`,
    });
    expect(ask({ identity: [granted], on: tlsOnly, context: plainText })).to.deep.equal({
      allowed: false,
      explicit: true,
      reason: `${mayNot} with an explicit deny in a resource-based policy`,
    });
    expect(ask({ identity: [granted], on: tlsOnly, context: { "aws:SecureTransport": "true" } }).allowed).to.equal(
      true,
    );
  });

  it("is refused by a Deny that names its account, and untouched by one that names another", () => {
    const denying = (AWS: string) => policyOf("resource", { Principal: { AWS }, ...deny(send, queueArn) });
    expect(ask({ identity: [granted], on: denying(root) }).allowed).to.equal(false);
    expect(ask({ identity: [granted], on: denying(partner) }).allowed).to.equal(true);
  });

  it("is judged by the caller's own facts, not by what the request claims", () => {
    const asSomeone = policyOf(
      "identity",
      allow(send, queueArn, { Condition: { ArnEquals: { "aws:PrincipalArn": roleArn } } }),
    );
    expect(ask({ identity: [asSomeone], context: { "AWS:principalARN": "arn:aws:iam::1:role/x" } }).allowed).to.equal(
      true,
    );
  });

  it("knows actions without resources", () => {
    const tracing = policyOf("identity", allow("xray:PutTraceSegments", "*"));
    expect(ask({ identity: [tracing], action: "xray:PutTraceSegments", resource: "*" }).allowed).to.equal(true);
    expect(ask({ identity: [granted], resource: "*" }).allowed).to.equal(false);
  });
});

describe("a request across accounts", () => {
  it("of a role needs both sides", () => {
    const both = { sameAccount: false, identity: [granted], on: onQueue({ AWS: account }) };
    expect(outcome(ask(both))).to.equal("identity policy identity, statement 1");
    expect(outcome(ask({ ...both, identity: [] }))).to.equal(
      `${mayNot} because no identity-based policy allows the ${send} action`,
    );
    expect(outcome(ask({ sameAccount: false, identity: [granted] }))).to.equal(
      `${mayNot} because no resource-based policy allows the ${send} action`,
    );
    expect(ask({ sameAccount: false, identity: [], on: onQueue({ AWS: roleArn }) }).allowed).to.equal(false);
  });

  it("of another team needs the resource's policy, its own side being its own affair", () => {
    const sources = { StringEquals: { "events:source": ["signal9.advisor"] } };
    const theirs = {
      principal: partnerTeam,
      on: onQueue({ AWS: partner }, { Condition: sources }),
      sameAccount: false,
    };
    expect(outcome(ask({ ...theirs, context: { "events:source": "signal9.advisor" } }))).to.equal(`account ${partner}`);
    expect(outcome(ask({ ...theirs, context: { "events:source": "their.own" } }))).to.equal(
      `User: arn:aws:iam::${partner}:root is not authorized to perform: ${send} on resource: ${queueArn} ` +
        `because no resource-based policy allows the ${send} action`,
    );
    expect(ask({ principal: partnerTeam, sameAccount: true }).allowed).to.equal(false);
  });
});

describe("a service's request", () => {
  const fromRule = onQueue(
    { Service: "events.amazonaws.com" },
    { Condition: { ArnEquals: { "aws:SourceArn": ruleArn } } },
  );

  it("is allowed by the resource for the source that it comes for", () => {
    expect(outcome(ask({ principal: eventBridge, on: fromRule }))).to.equal(
      "resource policy resource, statement Senders",
    );
  });

  it("is refused without a policy of the resource, for another source, and by a Deny for everyone", () => {
    const reason =
      `User: events.amazonaws.com is not authorized to perform: ${send} on resource: ${queueArn} ` +
      `because no resource-based policy allows the ${send} action`;
    expect(outcome(ask({ principal: eventBridge, identity: [granted] }))).to.equal(reason);
    const elsewhere = { ...eventBridge, facts: { ...eventBridge.facts, "aws:SourceArn": `${ruleArn}-2` } };
    expect(outcome(ask({ principal: elsewhere, on: fromRule }))).to.equal(reason);
    expect(ask({ principal: eventBridge, on: tlsOnly, context: plainText })).to.include({
      allowed: false,
      explicit: true,
    });
  });
});

describe("an administrator's request", () => {
  it("is allowed without any policy, and whatever policies others have", () => {
    expect(ask({ principal: developer, identity: [refusing] })).to.deep.equal({ allowed: true, by: "administrator" });
  });

  it("is refused by a resource that denies it", () => {
    expect(ask({ principal: developer, on: tlsOnly, context: plainText })).to.include({
      allowed: false,
      explicit: true,
    });
    expect(ask({ principal: developer, on: tlsOnly }).allowed).to.equal(true);
  });
});

describe("a key's and a role's own policy", () => {
  const decrypt = policyOf("identity", allow("kms:Decrypt", keyArn));
  const onKey = (Principal: unknown) => policyOf("resource", { Principal, ...allow("kms:*", "*") });
  const useKey = { action: "kms:Decrypt", resource: keyArn };

  it("has to delegate to the account before a role's policy counts", () => {
    expect(ask({ ...useKey, identity: [decrypt], on: onKey({ AWS: root }) }).allowed).to.equal(true);
    expect(outcome(ask({ ...useKey, identity: [decrypt], on: onKey({ Service: "sns.amazonaws.com" }) }))).to.contain(
      "because no resource-based policy allows the kms:Decrypt action",
    );
    expect(outcome(ask({ ...useKey, on: onKey({ AWS: root }) }))).to.contain(
      "because no identity-based policy allows the kms:Decrypt action",
    );
  });

  it("may name the role itself", () => {
    expect(ask({ ...useKey, on: onKey({ AWS: roleArn }) }).allowed).to.equal(true);
  });

  it("prefers the statement that names the role over one for its account", () => {
    const both = policyOf(
      "resource",
      { Principal: { AWS: root }, ...allow("kms:*", "*") },
      { Principal: { AWS: account }, ...allow("kms:Decrypt", "*") },
      { Principal: { AWS: roleArn }, ...allow("kms:Decrypt", "*") },
    );
    expect(outcome(ask({ ...useKey, on: both }))).to.equal("resource policy resource, statement 3");
  });

  it("lets a role be assumed by whom it trusts only", () => {
    const trust = policyOf("trust", {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sts:AssumeRole",
    });
    const assume = { action: "sts:AssumeRole", resource: roleArn, on: trust };
    expect(ask({ ...assume, principal: eventBridge }).allowed).to.equal(true);
    const other = roleSession(`arn:aws:iam::${account}:role/other`, "s");
    const everything = policyOf("identity", allow("*", "*"));
    expect(ask({ ...assume, principal: other, identity: [everything] }).allowed).to.equal(false);
  });
});
