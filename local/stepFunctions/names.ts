import { account, region } from "../cloud/cloud";
import { invalidArn, invalidName } from "./errors";

const arn = (rest: string): string => `arn:aws:states:${region}:${account}:${rest}`;

export const stateMachineArn = (name: string): string => arn(`stateMachine:${name}`);
export const executionArn = (machine: string, name: string): string => arn(`execution:${machine}:${name}`);

/** An express execution has an id of its own: others may have its name. */
export const expressArn = (machine: string, name: string, id: string): string =>
  arn(`express:${machine}:${name}:${id}`);

/** White space, brackets, wildcards, what has a meaning elsewhere, and control characters. */
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

export const mostNameCharacters = 80;

export const checkName = (name: string): string => {
  if (name === "" || forbidden.test(name)) throw invalidName(name);
  return name;
};

/** Throws AWS's refusal of what cannot be the ARN of this type of resource. */
export const checkArn = (text: string, type: "stateMachine" | "execution"): string => {
  if (!text.startsWith("arn:")) throw invalidArn(`Invalid ARN prefix: ${text}`);
  const [, , service, , , found = ""] = text.split(":");
  if (service !== "states") throw invalidArn(`Invalid ARN service: ${text}`);
  if (found !== type) throw invalidArn(`Resource type not valid in this context: ${found}`);
  return text;
};
