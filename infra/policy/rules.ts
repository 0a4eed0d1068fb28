import { openGroup, publicBucket, wideAction } from "./access";
import { unencrypted } from "./encryption";
import { noAlarm, noDeadLetters, unrecoverable, unretainedLogs } from "./operations";
import type { Rule } from "./resource";

/** What must never be deployed. */
export const rules: readonly Rule[] = [
  publicBucket,
  openGroup,
  unencrypted,
  wideAction,
  unretainedLogs,
  noDeadLetters,
  noAlarm,
  unrecoverable,
];
