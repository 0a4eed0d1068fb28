import { streamHandler } from "./stream/handler";

export const experimentStream = streamHandler("experimentStream");
