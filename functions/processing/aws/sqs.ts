import { SQSClient } from "@aws-sdk/client-sqs";
import { clientSettings, once } from "./client";

export const sqs = once(() => new SQSClient(clientSettings));
