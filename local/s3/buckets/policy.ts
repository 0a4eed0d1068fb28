import { AwsError, unsupported } from "../../cloud/awsError";
import { PolicyError } from "../../iam/errors";
import { compilePolicy } from "../../iam/policy";
import { checkConditionKeys } from "../access";
import { accessDenied } from "../errors";
import type { Bucket } from "../store/bucket";

interface Statement {
  Effect: string;
  Principal?: string | { AWS?: string | string[] };
  Resource?: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

/** Conditions that leave none but named callers. */
const narrowing = /^aws:(sourcearn|sourceaccount|principalarn|principalaccount|principalorgid|userid)$/i;

const statementsOf = (policy: string): Statement[] =>
  [(JSON.parse(policy) as { Statement: Statement | Statement[] }).Statement].flat();

const letsEveryoneIn = ({ Effect, Principal, Condition = {} }: Statement): boolean => {
  const named = typeof Principal === "object" ? [Principal.AWS ?? []].flat() : [Principal];
  const narrowed = Object.values(Condition).some((keys) => Object.keys(keys).some((key) => narrowing.test(key)));
  return Effect === "Allow" && named.includes("*") && !narrowed;
};

/** Gives a bucket its policy, if S3 would take it. */
export const setPolicy = (bucket: Bucket, policy: string): void => {
  try {
    checkConditionKeys(compilePolicy(policy, { name: bucket.name, kind: "resource" }));
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw error.kind === "unsupported" ? unsupported(error.message) : new AwsError("MalformedPolicy", error.message);
  }
  const statements = statementsOf(policy);
  const foreign = statements
    .flatMap(({ Resource = [] }) => Resource)
    .find(
      (resource) =>
        resource !== bucket.arn && !resource.startsWith(`${bucket.arn}/`) && !resource.startsWith(`${bucket.arn}*`),
    );
  if (foreign) throw new AwsError("MalformedPolicy", "Policy has invalid resource", 400, { Detail: foreign });
  if (bucket.settings.publicAccess.BlockPublicPolicy && statements.some(letsEveryoneIn)) {
    throw accessDenied(
      `s3:PutBucketPolicy on resource: "${bucket.arn}" is refused because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    );
  }
  bucket.configure({ policy });
};
