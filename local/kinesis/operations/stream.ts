import type { Access } from "../../cloud/cloud";
import { arnOf, nameOf } from "../address";
import { invalidArgument, streamNotFound } from "../errors";
import { type Input, optionalText } from "./input";

/** The stream that a call names, by its name or its ARN. */
export const streamName = (input: Input): string => {
  const arn = optionalText(input, "StreamARN") ?? optionalText(input, "ResourceARN");
  const name = optionalText(input, "StreamName");
  if (arn === undefined) {
    if (name === undefined) throw invalidArgument("Either StreamName or StreamARN must be provided.");
    return name;
  }
  const named = nameOf(arn);
  if (arn !== arnOf(named)) throw streamNotFound(named);
  if (name !== undefined && name !== named) throw invalidArgument("StreamName and StreamARN are of different streams.");
  return named;
};

/** The permission to do `action` to the stream that a call names. */
export const onStream =
  (action: string) =>
  (input: Input): Access => ({ action: `kinesis:${action}`, resource: arnOf(streamName(input)) });
