import { type Arn, type ArnTest, compileArn } from "./arn";
import { compileConditions, conditionKeys } from "./conditions";
import type { Context } from "./context";
import { PolicyError } from "./errors";
import { asObject, asTexts, type Json, refuseUnknown } from "./json";
import { compileNotPrincipal, compilePrincipal, type PrincipalTest } from "./principalElement";
import { compileTemplate, parseTemplate, variablesOf } from "./template";

/** `identity`: attached to a role; `resource`: to a queue, a topic, a key, a bus; `trust`: who may assume a role. */
export type PolicyKind = "identity" | "resource" | "trust";

/** What a statement is asked about. */
export interface Question {
  /** In lower case. */
  action: string;
  resource: Arn;
  context: Context;
}

export interface CompiledStatement {
  sid: string | undefined;
  /** Its place in the document, counted from 1. */
  place: number;
  effect: "Allow" | "Deny";
  reach: PrincipalTest;
  applies: (question: Question) => boolean;
  /** The condition keys, in lower case, on which it depends. */
  keys: readonly string[];
}

type Test = (question: Question) => boolean;

const elements = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

/** Which of an element and its negation stands there: never both. */
const eitherOf = (statement: Json, element: string): { value: unknown; negated: boolean } | undefined => {
  const negation = `Not${element}`;
  if (element in statement && negation in statement) {
    throw new PolicyError("malformed", `${element} and ${negation} exclude each other`);
  }
  if (element in statement) return { value: statement[element], negated: false };
  return negation in statement ? { value: statement[negation], negated: true } : undefined;
};

const nonEmpty = (value: unknown, element: string): readonly string[] => {
  const texts = asTexts(value, element);
  if (texts.length === 0) throw new PolicyError("malformed", `${element} is empty`);
  return texts;
};

const compileActions = (statement: Json): Test => {
  const found = eitherOf(statement, "Action");
  if (!found) throw new PolicyError("malformed", "Policy statement must contain actions.");
  const tests = nonEmpty(found.value, "Action").map((action) => {
    if (!/^(\*|\*:\*|[\w-]+:[\w*?]+)$/.test(action)) {
      throw new PolicyError("malformed", `${action} is no action: actions must be prefaced by a vendor`);
    }
    return compileTemplate(parseTemplate(action.toLowerCase(), "wild"));
  });
  return ({ action, context }) => tests.some((test) => test(action, context)) !== found.negated;
};

const compileResource = (resource: string): ArnTest => {
  if (/^arn:[^:]*:[^:]*[*?]/.test(resource)) {
    throw new PolicyError("malformed", `${resource}: a resource's service cannot have wildcards`);
  }
  return compileArn(resource);
};

const compileResources = (statement: Json, kind: PolicyKind): Test => {
  const found = eitherOf(statement, "Resource");
  if (kind === "trust") {
    if (found) throw new PolicyError("malformed", "Has prohibited field Resource");
    return () => true;
  }
  if (!found) throw new PolicyError("malformed", "Policy statement must contain resources.");
  const tests = nonEmpty(found.value, "Resource").map(compileResource);
  return ({ resource, context }) => tests.some((test) => test(resource, context)) !== found.negated;
};

const compilePrincipals = (statement: Json, kind: PolicyKind): PrincipalTest => {
  const found = eitherOf(statement, "Principal");
  if (kind === "identity") {
    if (found) throw new PolicyError("malformed", "Policy document should not specify a principal.");
    return () => "direct";
  }
  if (!found) throw new PolicyError("malformed", "Missing required field Principal");
  return found.negated ? compileNotPrincipal(found.value) : compilePrincipal(found.value);
};

const compileSid = ({ Sid }: Json, kind: PolicyKind): string | undefined => {
  if (Sid === undefined) return undefined;
  if (typeof Sid !== "string" || (kind !== "resource" && !/^[0-9A-Za-z]*$/.test(Sid))) {
    throw new PolicyError("malformed", "Statement IDs (SID) must be alpha-numeric.");
  }
  return Sid || undefined;
};

const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

const keysOf = ({ Condition, Resource, NotResource }: Json): string[] => {
  const variables = textsIn([Condition, Resource, NotResource]).flatMap((text) =>
    variablesOf(parseTemplate(text, "plain")),
  );
  return [...conditionKeys(Condition), ...variables].map((key) => key.toLowerCase());
};

export const compileStatement = (source: unknown, kind: PolicyKind, place: number): CompiledStatement => {
  const statement = asObject(source, "a statement");
  refuseUnknown(statement, elements, "the statement");
  const { Effect: effect } = statement;
  if (effect !== "Allow" && effect !== "Deny") throw new PolicyError("malformed", 'Effect must be "Allow" or "Deny"');
  const action = compileActions(statement);
  const resource = compileResources(statement, kind);
  const condition = compileConditions(statement["Condition"]);
  return {
    sid: compileSid(statement, kind),
    place,
    effect,
    reach: compilePrincipals(statement, kind),
    applies: (question) => action(question) && resource(question) && condition(question.context),
    keys: keysOf(statement),
  };
};
