import { PolicyError, within } from "./errors";
import { asObject, type Json, refuseUnknown } from "./json";
import { type CompiledStatement, compileStatement, type PolicyKind } from "./statement";

export interface CompiledPolicy {
  /** As a decision names it. */
  name: string;
  kind: PolicyKind;
  allows: readonly CompiledStatement[];
  denies: readonly CompiledStatement[];
  /**
   * The condition keys, in lower case, on which the policy depends. A key that no request ever carries would quietly
   * switch a Deny off, so whoever supplies the context compares them with what it supplies.
   */
  keys: ReadonlySet<string>;
}

const parse = (document: unknown): Json => {
  if (typeof document !== "string") return asObject(document, "a policy");
  try {
    return asObject(JSON.parse(document), "a policy");
  } catch (error) {
    throw error instanceof SyntaxError ? new PolicyError("malformed", `not JSON: ${error.message}`) : error;
  }
};

/** Without a version AWS reads a policy by the rules of 2008, in which variables are plain text. */
const checkVersion = ({ Version = "2008-10-17" }: Json): void => {
  if (Version === "2012-10-17") return;
  throw new PolicyError(
    Version === "2008-10-17" ? "unsupported" : "malformed",
    `Version ${JSON.stringify(Version)} is not known, only "2012-10-17"`,
  );
};

const checkSids = (statements: readonly CompiledStatement[]): void => {
  const sids = statements.flatMap(({ sid }) => sid ?? []);
  const twice = sids.find((sid, at) => sids.indexOf(sid) !== at);
  if (twice === undefined) return;
  throw new PolicyError("malformed", `Statement IDs (SID) in a single policy must be unique, but ${twice} is not.`);
};

/** Checks a policy, as text or as an object, and prepares it for many decisions. */
export const compilePolicy = (document: unknown, { name, kind }: { name: string; kind: PolicyKind }): CompiledPolicy =>
  within(`policy ${name}`, () => {
    const policy = parse(document);
    refuseUnknown(policy, ["Version", "Id", "Statement"], "the document");
    checkVersion(policy);
    const sources: readonly unknown[] = Array.isArray(policy["Statement"])
      ? policy["Statement"]
      : [policy["Statement"]];
    const statements = sources.map((source, at) =>
      within(`statement ${at + 1}`, () => compileStatement(source, kind, at + 1)),
    );
    if (statements.length === 0) throw new PolicyError("malformed", "Statement is empty");
    checkSids(statements);
    return {
      name,
      kind,
      allows: statements.filter(({ effect }) => effect === "Allow"),
      denies: statements.filter(({ effect }) => effect === "Deny"),
      keys: new Set(statements.flatMap(({ keys }) => keys)),
    };
  });
