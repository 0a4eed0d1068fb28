import { expect } from "chai";
import { compileArn, parseArn } from "../../../local/iam/arn";
import { contextOf } from "../../../local/iam/context";
import { account, refusal } from "./world";

const matches = (pattern: string, arn: string, facts: Record<string, string> = {}): boolean =>
  compileArn(pattern)(parseArn(arn), contextOf(facts));

const table = `arn:aws:dynamodb:us-east-1:${account}:table/signal9-dev-event-store`;
const logStream = `arn:aws:logs:us-east-1:${account}:log-group:/aws/lambda/x:log-stream:2026/01/01`;

describe("resources in policies", () => {
  it("are exact, and know case, unless they have wildcards", () => {
    expect(matches(table, table)).to.equal(true);
    expect(matches(table, `${table}/index/pending`)).to.equal(false);
    expect(matches(table, table.toUpperCase())).to.equal(false);
  });

  it("cross slashes and colons within the resource", () => {
    expect(matches(`arn:aws:logs:us-east-1:${account}:log-group:/aws/lambda/x:*`, logStream)).to.equal(true);
    expect(matches(`arn:aws:logs:*:*:log-group:*:2026/*`, logStream)).to.equal(true);
    expect(matches("arn:aws:s3:::archive/*/day.gz", "arn:aws:s3:::archive/2026/01/day.gz")).to.equal(true);
    expect(matches("arn:aws:s3:::archive/*.gz", "arn:aws:s3:::archive/06:00.gz")).to.equal(true);
  });

  it("keep a wildcard within its segment before the resource", () => {
    expect(matches("arn:aws:sqs:us-*-1:*:jobs", "arn:aws:sqs:us-east-1:1:jobs")).to.equal(true);
    expect(matches("arn:aws:sqs:us-*:jobs:x", "arn:aws:sqs:us-east-1:1:jobs:x")).to.equal(false);
    expect(matches("arn:aws:sqs:*:2:jobs", "arn:aws:sqs:us-east-1:1:2:jobs")).to.equal(false);
  });

  it("let a star that ends a shorter pattern take the rest", () => {
    expect(matches("arn:aws:dynamodb:*", table)).to.equal(true);
    expect(matches("arn:aws:dynamodb:us-*", table)).to.equal(true);
    expect(matches("arn:aws:dynamodb:eu-*", table)).to.equal(false);
    expect(matches("arn:aws:dynamodb:*", "arn:aws:dynamodb:no-arn")).to.equal(false);
  });

  it("know the star of an action without resources, which no ARN stands for", () => {
    expect(matches("*", "*")).to.equal(true);
    expect(matches("*", table)).to.equal(true);
    expect(matches("arn:aws:xray:*", "*")).to.equal(false);
    expect(matches(table, "*")).to.equal(false);
  });

  it("fill variables, whose colons divide nothing", () => {
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: policy variables, not templates
    const own = "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:jobs";
    expect(matches(own, `arn:aws:sqs:us-east-1:${account}:jobs`, { "aws:PrincipalAccount": account })).to.equal(true);
    expect(matches(own, "arn:aws:sqs:us-east-1:1:2:jobs", { "aws:PrincipalAccount": "1:2" })).to.equal(false);
    expect(matches("arn:aws:s3:::a${$}b", "arn:aws:s3:::a$b")).to.equal(true);
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: policy variables, not templates
  });

  it("are refused where they are no ARN", () => {
    for (const text of ["jobs", "**", "arn:*", "arn:aws:sqs:us-east-1", "arn:aws:sqs:*:jobs"]) {
      expect(refusal(() => compileArn(text))).to.equal(`malformed: ${text} must be in ARN format or "*"`);
    }
  });
});
