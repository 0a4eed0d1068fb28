import type { CompiledPolicy } from "../iam/policy";

/** The condition keys, in lower case, that requests to a bus carry. A statement on another would never apply. */
const known: ReadonlySet<string> = new Set([
  "aws:currenttime",
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalisawsservice",
  "aws:principalservicename",
  "aws:principaltype",
  "aws:requestedregion",
  "aws:securetransport",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:username",
  "events:creatoraccount",
  "events:detail-type",
  "events:source",
]);

export const checkPolicyKeys = ({ keys }: CompiledPolicy): void => {
  const other = [...keys].find((key) => !known.has(key));
  if (other !== undefined) throw new Error(`condition key ${other} is not supported by the embedded cloud`);
};
