import { account, region } from "../cloud/cloud";

const prefix = `arn:aws:kinesis:${region}:${account}:stream/`;

export const arnOf = (name: string): string => `${prefix}${name}`;

export const nameOf = (arn: string): string => arn.slice(arn.indexOf("/") + 1);
