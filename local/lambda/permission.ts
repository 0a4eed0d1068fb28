import { AwsError } from "../cloud/awsError";
import type { Declared } from "../engine/program";
import { type CompiledPolicy, compilePolicy } from "../iam/policy";
import { knownProperties, refusal } from "./properties";

interface Statement {
  Sid: string;
  Effect: "Allow";
  Principal: Record<string, string>;
  Action: string;
  Resource: string;
  Condition?: Record<string, Record<string, string>>;
}

const known = ["function", "action", "principal", "sourceArn", "sourceAccount", "statementId"];

const principalOf = (principal: string): Record<string, string> => {
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith("arn:") || principal === "*" ? { AWS: principal } : { Service: principal };
};

const conditionOf = (sourceArn: unknown, sourceAccount: unknown): Statement["Condition"] => {
  const condition = {
    ...(typeof sourceAccount === "string" && { StringEquals: { "AWS:SourceAccount": sourceAccount } }),
    ...(typeof sourceArn === "string" && { ArnLike: { "AWS:SourceArn": sourceArn } }),
  };
  return Object.keys(condition).length > 0 ? condition : undefined;
};

/** Which function a declared permission is for, as it names it. */
export const permittedFunction = (declared: Declared): string => {
  const { function: named } = knownProperties(declared, known);
  if (typeof named === "string") return named;
  throw refusal(declared, "property function must be set");
};

/** The statement that a declared permission adds to its function's policy. */
export const readPermission = (declared: Declared, functionArn: string): Statement => {
  const inputs = knownProperties(declared, known);
  const { action, principal, sourceArn, sourceAccount, statementId = declared.name } = inputs;
  if (typeof action !== "string" || typeof principal !== "string") {
    throw refusal(declared, "properties action and principal must be set");
  }
  const Condition = conditionOf(sourceArn, sourceAccount);
  return {
    Sid: String(statementId),
    Effect: "Allow",
    Principal: principalOf(principal),
    Action: action,
    Resource: functionArn,
    ...(Condition && { Condition }),
  };
};

export interface Permissions {
  add: (statement: Statement) => void;
  /** Undefined while nothing has been permitted. */
  policy: () => CompiledPolicy | undefined;
  document: () => string;
}

/** A function's own policy, which grows by one statement a permission. */
export const createPermissions = (functionName: string): Permissions => {
  const statements: Statement[] = [];
  let compiled: CompiledPolicy | undefined;
  const document = () => JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });
  return {
    add: (statement) => {
      if (statements.some(({ Sid }) => Sid === statement.Sid)) {
        const message = `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
        throw new AwsError("ResourceConflictException", message, 409);
      }
      compilePolicy(
        { Version: "2012-10-17", Statement: [statement] },
        { name: `function ${functionName}`, kind: "resource" },
      );
      statements.push(statement);
      compiled = compilePolicy(document(), { name: `function ${functionName}`, kind: "resource" });
    },
    policy: () => compiled,
    document: () => {
      if (compiled) return document();
      throw new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404);
    },
  };
};
