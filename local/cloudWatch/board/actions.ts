import { account, type Cloud, type Message, region } from "../../cloud/cloud";
import { service } from "../../iam/principal";
import type { Alarm, Transition } from "../alarm";
import { alarmArn } from "../alarm/notification";
import { longTime } from "../alarm/wording";
import { lambdaEvent } from "./lambdaEvent";

export const site = { account, region };

/** What became of one action of an alarm. */
export interface ActionItem {
  timestamp: number;
  type: "Action";
  summary: string;
  /** JSON. */
  data: string;
}

export interface Change {
  before: Alarm;
  after: Alarm;
  transition: Transition;
}

/** An action that nothing here can carry out is refused when the alarm is made. */
export const isKnownAction = (arn: string): boolean => /^arn:aws:(sns|lambda):/.test(arn);

const messageTo = (to: string, { before, after, transition }: Change): Message => {
  const source = { sourceArn: alarmArn(after.definition.name, site), sourceAccount: account };
  if (to.startsWith("arn:aws:lambda:")) {
    const from = service("lambda.alarms.cloudwatch.amazonaws.com", source);
    return { to, body: lambdaEvent(before, after, site), from };
  }
  const from = service("cloudwatch.amazonaws.com", source);
  return { to, body: transition.message, from, attributes: { Subject: transition.subject } };
};

const remembered = (now: number, to: string, stateUpdatedAt: number, error: string | undefined): ActionItem => ({
  timestamp: now,
  type: "Action",
  summary:
    error === undefined
      ? `Successfully executed action ${to}`
      : `Failed to execute action ${to}. Received error: "${error}"`,
  data: JSON.stringify({
    actionState: error === undefined ? "Succeeded" : "Failed",
    stateUpdateTimestamp: longTime(stateUpdatedAt),
    notificationResource: to,
    ...(error !== undefined && { error }),
  }),
});

/** Carries out what an alarm does on this change, one after another, and says what became of each. */
export const act = (cloud: Cloud, change: Change, remember: (item: ActionItem) => void): Promise<void> =>
  cloud.activity.during("alarm action", async () => {
    for (const to of change.transition.actions) {
      const error = await cloud.deliver(messageTo(to, change)).then(
        () => undefined,
        (failure: unknown) => (failure instanceof Error ? failure.message : String(failure)),
      );
      remember(remembered(cloud.clock.now(), to, change.after.state.updatedAt, error));
    }
  });
