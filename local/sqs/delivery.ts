import type { Message } from "../cloud/cloud";
import type { MessageAttributes } from "./messageAttributes";

/** What another service hands to a queue. Attributes that are not all texts bring their types. */
export interface QueueDelivery extends Message {
  messageAttributes?: MessageAttributes;
}
