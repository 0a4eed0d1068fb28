import { account, region } from "../cloud/cloud";
import { queueDoesNotExist } from "./errors";

const prefix = `arn:aws:sqs:${region}:${account}:`;

export const arnOf = (name: string): string => `${prefix}${name}`;

export const nameOf = (arn: string): string => {
  if (!arn.startsWith(prefix)) throw queueDoesNotExist();
  return arn.slice(prefix.length);
};

export const urlOf = (endpoint: string, arn: string): string => `${endpoint}/${account}/${nameOf(arn)}`;

/** A queue is known by its account and name: the host may be any name of this machine. */
export const arnOfUrl = (url: string): string => {
  const [, owner, name] = /^https?:\/\/[^/]+\/(\d{12})\/([\w-]{1,80}(?:\.fifo)?)$/.exec(url) ?? [];
  if (owner !== account || !name) throw queueDoesNotExist();
  return arnOf(name);
};
