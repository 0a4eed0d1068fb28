/** What the infrastructure says about the queues that are drained. */
export interface Known {
  /** Of every physical name of this stack. */
  prefix: string;
  /** By schedule: what each of its rules triggers. */
  schedules: Record<string, Record<string, string>>;
}

export interface Origin {
  /** The consumer or schedule whose letter it is. */
  label: string;
  /** The ARN of what gets the letter once more when it is redriven. */
  source: string;
}

const nameOf = (arn: string): string => arn.split(":").at(-1) ?? "";

const isSchedule = ({ schedules }: Known, label: string): boolean => Object.hasOwn(schedules, label);

/** Read from the name of the dead letter queue: who sends there is not asked where the letter should go. */
export const originOf = (queueArn: string, known: Known): Origin => {
  const base = nameOf(queueArn).replace(/-(dlq|undelivered)$/, "");
  const label = base.startsWith(known.prefix) ? base.slice(known.prefix.length) : base;
  const [, partition, , region, account] = queueArn.split(":");
  const source = isSchedule(known, label)
    ? `arn:${partition}:lambda:${region}:${account}:function:${base}`
    : `arn:${partition}:sqs:${region}:${account}:${base}`;
  return { label, source };
};

/** What a schedule's rule would have told the function. */
export const triggerOf = (label: string, ruleArn: string | undefined, { schedules }: Known): string | undefined => {
  const rule = ruleArn?.split("/").at(-1) ?? "";
  const triggers = schedules[label] ?? {};
  return Object.hasOwn(triggers, rule) ? triggers[rule] : undefined;
};
