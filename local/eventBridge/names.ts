import { account, region } from "../cloud/cloud";

export const defaultBus = "default";

const prefix = `arn:aws:events:${region}:${account}`;

export const busArn = (name: string): string => `${prefix}:event-bus/${name}`;

/** On the default bus a rule's ARN does not name its bus. */
export const ruleArn = (bus: string, rule: string): string =>
  `${prefix}:rule/${bus === defaultBus ? "" : `${bus}/`}${rule}`;

export const archiveArn = (name: string): string => `${prefix}:archive/${name}`;

export const replayArn = (name: string): string => `${prefix}:replay/${name}`;

/** The name in an ARN of ours; what is no such ARN is a name already. */
const nameIn =
  (kind: string) =>
  (nameOrArn: string): string =>
    nameOrArn.startsWith(`${prefix}:${kind}/`) ? nameOrArn.slice(prefix.length + kind.length + 2) : nameOrArn;

export const busNameIn = nameIn("event-bus");
export const archiveNameIn = nameIn("archive");

/** A bus by name or ARN, which may be one of another account. */
export const toBusArn = (nameOrArn: string): string => (nameOrArn.startsWith("arn:") ? nameOrArn : busArn(nameOrArn));
