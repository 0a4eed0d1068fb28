import { AwsError } from "../../cloud/awsError";
import type { Call, Operation } from "../../cloud/service";
import { listField } from "../../gateway/awsQuery";
import { invalidParameter, mustNotBeNull } from "../errors";
import { readBatch, readMessage } from "../message";
import type { Publish } from "../publisher";
import type { Topics } from "../topics";
import { type Fields, may, onTopic, refuseOthers, topicIn } from "./fields";

const mostEntries = 10;
const longestId = 80;
const ofMessage = ["Message", "MessageStructure", "Subject", "MessageAttributes", "MessageDeduplicationId"];

/** Publish takes a topic's ARN under either name. */
const aimed = (fields: Fields): Fields => {
  const arn = fields["TopicArn"] ?? fields["TargetArn"];
  if (arn === undefined) throw invalidParameter("TopicArn or TargetArn Reason: no value for required parameter");
  return { TopicArn: arn };
};

const checkIds = (ids: readonly string[]): void => {
  if (new Set(ids).size < ids.length) {
    throw new AwsError("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
  }
  for (const id of ids) {
    const wrong =
      id.length > longestId ? "is too long" : /^[\w-]+$/.test(id) ? undefined : "contains an impermissible character";
    if (wrong) {
      throw new AwsError("InvalidBatchEntryId", `The Id of a batch entry in the batch request ${wrong}: ${id}`);
    }
  }
};

const batchIn = (fields: Fields): Fields[] => {
  const batch = listField(fields, "PublishBatchRequestEntries.member");
  if (batch.length === 0) throw mustNotBeNull("publishBatchRequestEntries");
  if (batch.length > mostEntries) {
    throw new AwsError("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.");
  }
  for (const entry of batch) refuseOthers("a batch entry", entry, ["Id", ...ofMessage]);
  checkIds(batch.map(({ Id = "" }) => Id));
  return batch;
};

export const publishOperations = (topics: Topics, publish: Publish): Record<string, Operation> => ({
  Publish: {
    access: (fields: Fields) => may("Publish", topicIn(topics, aimed(fields))),
    run: (fields: Fields, { caller }: Call) => {
      refuseOthers("Publish", fields, ["TopicArn", "TargetArn", ...ofMessage]);
      return { MessageId: publish(topicIn(topics, aimed(fields)), caller, readMessage(fields)) };
    },
  },
  PublishBatch: {
    access: onTopic(topics, "Publish"),
    run: (fields: Fields, { caller }: Call) => {
      refuseOthers("PublishBatch", fields, ["TopicArn", "PublishBatchRequestEntries"]);
      const batch = batchIn(fields);
      const topic = topicIn(topics, fields);
      const posted = readBatch(batch);
      const Successful = posted.map((one, at) => ({ Id: batch[at]?.["Id"], MessageId: publish(topic, caller, one) }));
      return { Failed: [], Successful };
    },
  },
});
