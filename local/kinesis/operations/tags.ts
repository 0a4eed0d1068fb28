import { account } from "../../cloud/cloud";
import type { Operation } from "../../cloud/service";
import { invalidArgument } from "../errors";
import type { Streams } from "../streams";
import { check, type Input, optionalNumber, optionalText, type Rules, rules, streamRules } from "./input";
import { onStream, streamName } from "./stream";

type Tags = Record<string, string>;

const mostTags = 50;
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export const checkTags = (stream: string, added: Tags, present: Tags): void => {
  const texts = Object.entries(added).flat();
  if (texts.some((one) => typeof one !== "string" || !allowed.test(one))) {
    throw invalidArgument(
      "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @ :.",
    );
  }
  if (Object.keys({ ...present, ...added }).length > mostTags) {
    throw invalidArgument(
      `Failed to add tags to stream ${stream} under account ${account} because a given stream cannot have more than ${mostTags} tags associated with it.`,
    );
  }
};

const arn: Rules = { ResourceARN: { ...rules.StreamARN, required: true } };

export const tagOperations = (streams: Streams): Record<string, Operation> => {
  const tagsOf = (name: string): Tags => streams.existing(name).settings.tags;

  const adding = (operation: string, address: Rules): Operation => ({
    access: onStream(operation),
    run: (input: Input) => {
      check(operation, input, { ...address, Tags: rules.tags });
      const name = streamName(input);
      const added = input["Tags"] as Tags;
      checkTags(name, added, tagsOf(name));
      streams.configure(name, { tags: { ...tagsOf(name), ...added } });
    },
  });

  const removing = (operation: string, address: Rules): Operation => ({
    access: onStream(operation),
    run: (input: Input) => {
      check(operation, input, { ...address, TagKeys: rules.tagKeys });
      const name = streamName(input);
      const gone = input["TagKeys"] as string[];
      const tags = Object.fromEntries(Object.entries(tagsOf(name)).filter(([key]) => !gone.includes(key)));
      streams.configure(name, { tags });
    },
  });

  const listed = (tags: Tags) =>
    Object.keys(tags)
      .sort()
      .map((Key) => ({ Key, Value: tags[Key] }));

  return {
    AddTagsToStream: adding("AddTagsToStream", streamRules),
    RemoveTagsFromStream: removing("RemoveTagsFromStream", streamRules),
    TagResource: adding("TagResource", arn),
    UntagResource: removing("UntagResource", arn),
    ListTagsForStream: {
      access: onStream("ListTagsForStream"),
      run: (input: Input) => {
        check("ListTagsForStream", input, {
          ...streamRules,
          ExclusiveStartTagKey: { type: "String", length: [1, 128] },
          Limit: { type: "Integer", range: [1, mostTags] },
        });
        const after = optionalText(input, "ExclusiveStartTagKey") ?? "";
        const rest = listed(tagsOf(streamName(input))).filter(({ Key }) => Key > after);
        const size = optionalNumber(input, "Limit") ?? mostTags;
        return { Tags: rest.slice(0, size), HasMoreTags: rest.length > size };
      },
    },
    ListTagsForResource: {
      access: onStream("ListTagsForResource"),
      run: (input: Input) => {
        check("ListTagsForResource", input, arn);
        return { Tags: listed(tagsOf(streamName(input))) };
      },
    },
  };
};
