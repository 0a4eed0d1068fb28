import { AwsError } from "../cloud/awsError";
import { account, region } from "../cloud/cloud";
import { violations } from "../cloud/constraint";

export const functionArn = (name: string): string => `arn:aws:lambda:${region}:${account}:function:${name}`;

const must = String.raw`satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`;

const invalid = (value: string): AwsError =>
  new AwsError("ValidationException", violations([{ at: "functionName", value, must }]));

export const functionNotFound = (named: string): AwsError =>
  new AwsError("ResourceNotFoundException", `Function not found: ${functionArn(named)}`, 404, { Type: "User" });

const pattern = new RegExp(
  `^(?:arn:aws:lambda:${region}:)?(?:${account}:)?(?:function:)?([\\w-]{1,140})(?::(\\$LATEST|[\\w-]+))?$`,
);

/** A function by any of the forms that AWS takes. There is one version of each: the latest. */
export const parseFunctionName = (value: string, qualifier?: string | null): string => {
  const [, name, suffix] = pattern.exec(value) ?? [];
  if (!name) throw invalid(value);
  const version = qualifier ?? suffix ?? "$LATEST";
  if (version !== "$LATEST") throw functionNotFound(`${name}:${version}`);
  return name;
};
