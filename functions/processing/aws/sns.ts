import { SNSClient } from "@aws-sdk/client-sns";
import { clientSettings, once } from "./client";

export const sns = once(() => new SNSClient(clientSettings));
