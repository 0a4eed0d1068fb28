import { expect } from "chai";
import { administrator, type Principal, roleSession, service } from "../../../local/iam/principal";
import { compileNotPrincipal, compilePrincipal } from "../../../local/iam/principalElement";
import {
  account,
  developer,
  eventBridge,
  partner,
  partnerTeam,
  refusal,
  role,
  roleArn,
  ruleArn,
  sessionArn,
} from "./world";

const root = `arn:aws:iam::${account}:root`;
const callers: Record<string, Principal> = { role, developer, partnerTeam, eventBridge };

const reached = (element: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(callers)
      .map(([name, caller]) => [name, compilePrincipal(element)(caller)])
      .filter(([, reach]) => reach !== "none"),
  );

const reachedByNot = (element: unknown): string[] =>
  Object.keys(callers).filter((name) => {
    const caller = callers[name];
    return caller && compileNotPrincipal(element)(caller) === "direct";
  });

describe("callers", () => {
  it("of a role are named by their session, and known by their role", () => {
    expect(role.name).to.equal(sessionArn);
    expect(role.facts).to.deep.equal({
      "aws:PrincipalArn": roleArn,
      "aws:PrincipalAccount": account,
      "aws:PrincipalType": "AssumedRole",
      "aws:PrincipalIsAWSService": "false",
    });
  });

  it("lose a role's path in the session's name", () => {
    expect(roleSession(`arn:aws:iam::${account}:role/service/deep/worker`, "s").name).to.equal(
      `arn:aws:sts::${account}:assumed-role/worker/s`,
    );
  });

  it("of an administrator have a user name", () => {
    expect(developer.facts).to.include({ "aws:username": "developer", "aws:PrincipalType": "User" });
  });

  it("of a service say for which resource they come, where they come for one", () => {
    expect(eventBridge.facts).to.include({ "aws:SourceArn": ruleArn, "aws:SourceAccount": account });
    expect(service("lambda.amazonaws.com").facts).to.deep.equal({
      "aws:PrincipalIsAWSService": "true",
      "aws:PrincipalServiceName": "lambda.amazonaws.com",
    });
  });

  it("of another account are its root", () => {
    expect(partnerTeam.name).to.equal(`arn:aws:iam::${partner}:root`);
  });

  it("are refused where their ARN is of another kind", () => {
    expect(() => roleSession(sessionArn, "s")).to.throw(`${sessionArn} is not the ARN of a role`);
    expect(() => administrator(roleArn)).to.throw(`${roleArn} is not the ARN of a user`);
  });
});

describe("the Principal element", () => {
  it("reaches everyone by a star, services too", () => {
    const everyone = { role: "direct", developer: "direct", partnerTeam: "direct", eventBridge: "direct" };
    expect(reached("*")).to.deep.equal(everyone);
    expect(reached({ AWS: "*" })).to.deep.equal(everyone);
  });

  it("reaches an account by its number or its root, and leaves the rest to that account", () => {
    expect(reached({ AWS: account })).to.deep.equal({ role: "account", developer: "account" });
    expect(reached({ AWS: root })).to.deep.equal({ role: "account", developer: "account" });
    expect(reached({ AWS: [partner] })).to.deep.equal({ partnerTeam: "account" });
  });

  it("reaches a role by its ARN or by its session's, and a user by theirs", () => {
    expect(reached({ AWS: roleArn })).to.deep.equal({ role: "direct" });
    expect(reached({ AWS: [root, sessionArn] })).to.deep.equal({ role: "direct", developer: "account" });
    expect(reached({ AWS: sessionArn.replace("invocation", "other") })).to.deep.equal({});
    expect(reached({ AWS: `arn:aws:iam::${account}:user/developer` })).to.deep.equal({ developer: "direct" });
  });

  it("reaches a service by its name", () => {
    expect(reached({ Service: ["sns.amazonaws.com", "events.amazonaws.com"] })).to.deep.equal({
      eventBridge: "direct",
    });
    expect(reached({ Service: "sns.amazonaws.com" })).to.deep.equal({});
  });

  const refusals: [unknown, string][] = [
    ["events.amazonaws.com", 'malformed: Principal other than "*" must be an object'],
    [{ Federated: "cognito-identity.amazonaws.com" }, "unsupported: Principal of type Federated is not known"],
    [{ constructor: "x" }, "unsupported: Principal of type constructor is not known"],
    [{}, "malformed: Principal names nobody"],
    [{ AWS: [] }, "malformed: Principal names nobody"],
    [{ CanonicalUser: "79a5" }, "unsupported: Principal of type CanonicalUser is not known"],
    [{ AWS: "AROAEXAMPLEID" }, "unsupported: principal ID AROAEXAMPLEID is not known"],
    [
      { AWS: `arn:aws:sts::${account}:federated-user/ada` },
      `unsupported: federated user arn:aws:sts::${account}:federated-user/ada is not known`,
    ],
    [
      { AWS: `arn:aws:iam::${account}:role/signal9-*` },
      `malformed: Invalid principal in policy: "AWS":"arn:aws:iam::${account}:role/signal9-*"`,
    ],
    [{ AWS: "12345" }, 'malformed: Invalid principal in policy: "AWS":"12345"'],
    [{ Service: "*" }, 'malformed: Invalid principal in policy: "SERVICE":"*"'],
  ];
  for (const [element, expected] of refusals) {
    it(`is refused: ${JSON.stringify(element)}`, () => {
      expect(refusal(() => compilePrincipal(element))).to.equal(expected);
    });
  }
});

describe("the NotPrincipal element", () => {
  it("leaves nobody who is not named", () => {
    expect(reachedByNot("*")).to.deep.equal([]);
    expect(reachedByNot({ Service: "events.amazonaws.com" })).to.deep.equal(["role", "developer", "partnerTeam"]);
    expect(reachedByNot({ AWS: partner })).to.deep.equal(["role", "developer", "eventBridge"]);
  });

  it("leaves a session out only if session, role and account are all named", () => {
    expect(reachedByNot({ AWS: [root, roleArn, sessionArn] })).not.to.include("role");
    for (const incomplete of [
      [roleArn, sessionArn],
      [root, sessionArn],
      [root, roleArn],
    ]) {
      expect(reachedByNot({ AWS: incomplete })).to.include("role");
    }
  });
});
