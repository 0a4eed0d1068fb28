import { expect } from "chai";
import * as fc from "fast-check";
import { contextOf } from "../../../local/iam/context";
import { compileTemplate, parseTemplate } from "../../../local/iam/template";
import { refusal } from "./world";

const nothing = contextOf();

const matches = (pattern: string, text: string, facts: Record<string, string | string[]> = {}): boolean =>
  compileTemplate(parseTemplate(pattern, "wild"))(text, contextOf(facts));

/** Slow and plain: tries every length for every star. */
const naive = (pattern: string, text: string): boolean => {
  if (pattern === "") return text === "";
  if (pattern[0] === "*") {
    return naive(pattern.slice(1), text) || (text !== "" && naive(pattern, text.slice(1)));
  }
  return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) && naive(pattern.slice(1), text.slice(1));
};

describe("wildcards in policies", () => {
  it("agree with a naive matcher", () => {
    const short = (characters: string) =>
      fc.array(fc.constantFrom(...characters), { maxLength: 8 }).map((some) => some.join(""));
    fc.assert(
      fc.property(short("ab:*?"), short("ab:*"), (pattern, text) => {
        expect(matches(pattern, text), `${pattern} on ${text}`).to.equal(naive(pattern, text));
      }),
      { numRuns: 2_000, seed: 9 },
    );
  });

  it("find what was made to fit them", () => {
    const literal = fc.string({ maxLength: 6 }).filter((text) => !/[*?$]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(literal, literal), { minLength: 1, maxLength: 5 }), (pairs) => {
        const pattern = pairs.map(([fixed]) => `${fixed}*`).join("");
        expect(matches(pattern, pairs.flat().join(""))).to.equal(true);
      }),
      { numRuns: 300, seed: 9 },
    );
  });

  it("cross slashes and colons", () => {
    expect(matches("a*z", "a/b:c/z")).to.equal(true);
    expect(matches("a?z", "a:z")).to.equal(true);
    expect(matches("a?z", "az")).to.equal(false);
  });

  it("cost no more than pattern times text, however many stars there are", () => {
    const text = "a".repeat(2_000);
    const started = performance.now();
    expect(matches(`${"*a".repeat(40)}*b`, text)).to.equal(false);
    expect(performance.now() - started).to.be.lessThan(500);
  });

  it("stand for themselves in a plain text, and where they are escaped", () => {
    const plain = compileTemplate(parseTemplate("a*?", "plain"));
    expect(plain("a*?", nothing)).to.equal(true);
    expect(plain("abc", nothing)).to.equal(false);
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: policy variables, not templates
    expect(matches("${*}${?}${$}", "*?$")).to.equal(true);
    expect(matches("${*}", "anything")).to.equal(false);
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: policy variables, not templates
    expect(matches("cost $5", "cost $5")).to.equal(true);
  });

  it("match without regard to case where asked to", () => {
    const test = compileTemplate(parseTemplate("SQS:send*Batch", "wild"), "ignored");
    expect(test("sqs:SendMessageBATCH", nothing)).to.equal(true);
    expect(test("sqs:ReceiveMessage", nothing)).to.equal(false);
  });
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: policy variables, not templates
describe("policy variables", () => {
  it("take the request's value, whatever case the key is written in", () => {
    const facts = { "aws:username": "ada" };
    expect(matches("home/${aws:username}/*", "home/ada/x", facts)).to.equal(true);
    expect(matches("home/${AWS:UserName}/*", "home/eve/x", facts)).to.equal(false);
  });

  it("fall back to their default only if the key is missing", () => {
    const pattern = "team/${aws:PrincipalTag/team, 'everyone'}";
    expect(matches(pattern, "team/everyone")).to.equal(true);
    expect(matches(pattern, "team/everyone", { "aws:PrincipalTag/team": "data" })).to.equal(false);
    expect(matches(pattern, "team/data", { "aws:PrincipalTag/team": "data" })).to.equal(true);
  });

  it("match nothing where the key has no value, or several", () => {
    expect(matches("*${aws:username}", "ada")).to.equal(false);
    expect(matches("${aws:TagKeys}", "a", { "aws:TagKeys": ["a", "b"] })).to.equal(false);
    expect(matches("${aws:TagKeys, 'a'}", "a", { "aws:TagKeys": ["a", "b"] })).to.equal(false);
  });

  it("bring no wildcards in", () => {
    expect(matches("home/${aws:username}", "home/ada", { "aws:username": "*" })).to.equal(false);
    expect(matches("home/${aws:username}", "home/*", { "aws:username": "*" })).to.equal(true);
  });

  it("are refused where they are not well formed", () => {
    const attempt = (text: string) => refusal(() => parseTemplate(text, "wild"));
    expect(attempt("a${aws:username")).to.equal("malformed: ${aws:username has no closing brace");
    expect(attempt("a${username}")).to.equal("malformed: ${username} is not a policy variable");
    expect(attempt("a${}")).to.equal("malformed: ${} is not a policy variable");
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: policy variables, not templates
