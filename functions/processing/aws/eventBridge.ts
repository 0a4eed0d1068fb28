import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { clientSettings, once } from "./client";

export const eventBridge = once(() => new EventBridgeClient(clientSettings));
