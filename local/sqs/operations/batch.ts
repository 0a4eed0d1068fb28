import { AwsError } from "../../cloud/awsError";
import { queryCodes } from "../errors";
import { type Input, text } from "./input";

const mostEntries = 10;

interface Failed {
  Id: string;
  Code: string;
  Message: string;
  SenderFault: boolean;
}

export interface BatchAnswer {
  Successful: Record<string, unknown>[];
  Failed: Failed[];
}

const entriesOf = (input: Input, request: string): Input[] => {
  const entries = (input["Entries"] ?? []) as Input[];
  if (entries.length === 0) {
    throw new AwsError("EmptyBatchRequest", `There should be at least one ${request} in the request.`);
  }
  if (entries.length > mostEntries) {
    throw new AwsError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${mostEntries}. You have sent ${entries.length}.`,
    );
  }
  return entries;
};

const checkIds = (ids: readonly string[]): void => {
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id))) {
    throw new AwsError(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    );
  }
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw new AwsError("BatchEntryIdsNotDistinct", `Id ${twice} repeated.`);
};

/**
 * Does each entry by itself: what fails does so alone, under the older protocol's code, and the call as such succeeds.
 */
export const eachEntry = (
  input: Input,
  request: string,
  run: (entry: Input) => Record<string, unknown>,
): BatchAnswer => {
  const entries = entriesOf(input, request);
  const ids = entries.map((entry) => text(entry, "Id"));
  checkIds(ids);
  const answer: BatchAnswer = { Successful: [], Failed: [] };
  for (const [at, entry] of entries.entries()) {
    const Id = ids[at] ?? "";
    try {
      answer.Successful.push({ Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      answer.Failed.push({
        Id,
        Code: queryCodes[error.code] ?? error.code,
        Message: error.message,
        SenderFault: error.status < 500,
      });
    }
  }
  return answer;
};
