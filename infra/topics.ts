import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "./naming";
import type { Settings } from "./settings";
import { tlsOnly } from "./tlsOnly";

/** What whoever runs the platform must know; mailed to the alarms' address. */
const forOperators = {
  alarms: "Alarms of the platform",
  "dlq-notifications": "Messages that ended in a dead letter queue",
  "validation-error": "Input that was refused",
} as const;

const specs = {
  ...forOperators,
  "analysis-notification": "Ratings of companies, and changes of them",
  "ledger-notification": "What happened to people's books",
} as const;

export type TopicName = keyof typeof specs;

/** CloudWatch and EventBridge cannot publish to topics under AWS's own key, so the topics share one of ours. */
const publishers = ["cloudwatch.amazonaws.com", "events.amazonaws.com"];

const keyPolicy = (account: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Administration",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "Publishers",
        Effect: "Allow",
        Principal: { Service: publishers },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  });

const topicPolicy = (topicArn: string, account: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      tlsOnly("sns:Publish", topicArn),
      {
        Sid: "Publishers",
        Effect: "Allow",
        Principal: { Service: publishers },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  });

/** The topics that people and other teams listen to, under one key. */
export class Topics extends pulumi.ComponentResource {
  readonly key: aws.kms.Key;
  readonly byName: Record<TopicName, aws.sns.Topic>;
  /** What an alarm must wait for, or its first message is refused. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, settings: Settings, opts?: pulumi.ComponentResourceOptions) {
    super("signal9:Topics", name, {}, opts);
    const account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    this.key = this.createKey(name, account, settings);
    const made = Object.keys(specs).map((label) => this.createTopic(label as TopicName, account, settings));
    this.byName = Object.fromEntries(made.map(({ label, topic }) => [label, topic])) as Record<
      TopicName,
      aws.sns.Topic
    >;
    this.ready = made.map(({ policy }) => policy);
    this.registerOutputs({});
  }

  private createKey(name: string, account: pulumi.Output<string>, settings: Settings): aws.kms.Key {
    const key = new aws.kms.Key(
      name,
      {
        description: `Messages on the topics of ${physicalName("platform")}`,
        enableKeyRotation: true,
        deletionWindowInDays: settings.protect ? 30 : 7,
        policy: account.apply(keyPolicy),
      },
      { parent: this },
    );
    new aws.kms.Alias(name, { name: `alias/${physicalName(name)}`, targetKeyId: key.keyId }, { parent: this });
    return key;
  }

  private createTopic(label: TopicName, account: pulumi.Output<string>, settings: Settings) {
    const topic = new aws.sns.Topic(
      label,
      { name: physicalName(label), displayName: specs[label], kmsMasterKeyId: this.key.arn },
      { parent: this },
    );
    const policy = new aws.sns.TopicPolicy(
      label,
      { arn: topic.arn, policy: pulumi.all([topic.arn, account]).apply(([arn, id]) => topicPolicy(arn, id)) },
      { parent: this },
    );
    if (settings.alarmEmail && label in forOperators) {
      new aws.sns.TopicSubscription(
        `${label}-mail`,
        { topic: topic.arn, protocol: "email", endpoint: settings.alarmEmail },
        { parent: this },
      );
    }
    return { label, topic, policy };
  }
}
