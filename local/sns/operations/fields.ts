import { AwsError } from "../../cloud/awsError";
import { type Access, account } from "../../cloud/cloud";
import { onlyKnown } from "../../cloud/parameters";
import { listField, parametersIn } from "../../gateway/awsQuery";
import { Repeated } from "../../gateway/xml";
import { checkTopicArn, everyTopic } from "../address";
import type { Topic } from "../topic";
import type { Topics } from "../topics";

/** A call's parameters, as the query protocol flattens them. */
export type Fields = Readonly<Record<string, string>>;

const pageSize = 100;

export const mapIn = (fields: Fields, prefix: string): Record<string, string> =>
  Object.fromEntries(listField(fields, prefix).map(({ key = "", value = "" }) => [key, value]));

/** A map as the wire has it. */
export const entries = (record: Readonly<Record<string, string | undefined>>) => ({
  entry: new Repeated(Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]))),
});

/** What these calls take; anything else would be ignored in silence. */
export const refuseOthers = (call: string, fields: Fields, known: readonly string[]): void =>
  onlyKnown(call, parametersIn(fields), known);

/** One page of a list, by a token that says where to go on. */
export const page = <T>(items: readonly T[], { NextToken: token }: Fields): { items: T[]; NextToken?: string } => {
  const from = token ? Number(Buffer.from(token, "base64").toString("utf8")) : 0;
  if (!Number.isInteger(from) || from < 0) {
    throw new AwsError("InvalidParameter", "Invalid parameter: NextToken");
  }
  const end = from + pageSize;
  return {
    items: items.slice(from, end),
    ...(end < items.length && { NextToken: Buffer.from(String(end)).toString("base64") }),
  };
};

export const topicIn = (topics: Topics, fields: Fields): Topic => topics.find(checkTopicArn(fields["TopicArn"] ?? ""));

/** As AWS writes the action in its refusals: SNS, and not sns. */
export const may = (action: string, { arn, policy }: Pick<Topic, "arn" | "policy">): Access => ({
  action: `SNS:${action}`,
  resource: arn,
  policy,
});

export const onTopic =
  (topics: Topics, action: string) =>
  (fields: Fields): Access =>
    may(action, topicIn(topics, fields));

export const anywhere = (action: string) => (): Access => may(action, { arn: everyTopic, policy: undefined });

export const owner = account;
