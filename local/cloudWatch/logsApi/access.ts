import { type Access, account, region } from "../../cloud/cloud";

export const groupArn = (name: string): string => `arn:aws:logs:${region}:${account}:log-group:${name}`;

export const streamArn = (group: string, stream: string): string => `${groupArn(group)}:log-stream:${stream}`;

/** CloudWatch Logs checks what concerns a whole group as a stream of it without a name. */
export const onGroup = (action: string, group: string): Access => onStream(action, group, "");

export const onStream = (action: string, group: string, stream: string): Access => ({
  action: `logs:${action}`,
  resource: streamArn(group, stream),
});
