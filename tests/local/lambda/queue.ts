import { createHash, randomUUID } from "node:crypto";
import type { Cloud } from "../../../local/cloud/cloud";
import type { EventSource, MessageAttribute, ReceivedMessage } from "../../../local/lambda/eventSource";

interface Held {
  messageId: string;
  body: string;
  receives: number;
  messageAttributes: Record<string, MessageAttribute>;
  trace: string | undefined;
}

export interface TestQueue {
  source: EventSource;
  send: (body: string, messageAttributes?: Record<string, MessageAttribute>, trace?: string) => string;
  /** Ids of what was given up. */
  givenUp: () => string[];
  /** Ids of what is there, received or not. */
  left: () => string[];
  visible: () => number;
  receives: () => number;
  /** Breaks the next calls of receive. */
  breakWith: (error: Error | undefined) => void;
}

/** A queue as plain as can be, by the cloud's clock. */
export const testQueue = (cloud: Cloud, visibilitySeconds = 30): TestQueue => {
  const waiting: Held[] = [];
  const hidden = new Map<string, { held: Held; show: () => void }>();
  const givenUp: string[] = [];
  const listeners = new Set<() => void>();
  let receives = 0;
  let broken: Error | undefined;

  const show = (held: Held) => {
    waiting.push(held);
    for (const listener of listeners) listener();
  };

  const hide = (held: Held): ReceivedMessage => {
    const receiptHandle = randomUUID();
    held.receives++;
    const reappear = () => {
      cancel();
      if (hidden.delete(receiptHandle)) show(held);
    };
    const cancel = cloud.clock.after(visibilitySeconds * 1_000, "work", reappear);
    hidden.set(receiptHandle, { held, show: reappear });
    return {
      messageId: held.messageId,
      receiptHandle,
      body: held.body,
      md5OfBody: createHash("md5").update(held.body).digest("hex"),
      attributes: {
        ApproximateReceiveCount: String(held.receives),
        ...(held.trace !== undefined && { AWSTraceHeader: held.trace }),
      },
      messageAttributes: held.messageAttributes,
    };
  };

  return {
    source: {
      receive: async (_arn, { max }) => {
        receives++;
        if (broken) throw broken;
        return waiting.splice(0, max).map(hide);
      },
      delete: async (_arn, handles) => {
        for (const handle of handles) hidden.delete(handle);
      },
      giveUp: async (_arn, handles) => {
        for (const handle of handles) {
          givenUp.push(hidden.get(handle)?.held.messageId ?? "");
          hidden.delete(handle);
        }
      },
      changeVisibility: async (_arn, handle) => hidden.get(handle)?.show(),
      onVisible: (_arn, listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      visibilitySeconds: () => visibilitySeconds,
    },
    send: (body, messageAttributes = {}, trace) => {
      const messageId = randomUUID();
      show({ messageId, body, receives: 0, messageAttributes, trace });
      return messageId;
    },
    givenUp: () => givenUp,
    left: () => [...waiting, ...[...hidden.values()].map(({ held }) => held)].map(({ messageId }) => messageId),
    visible: () => waiting.length,
    receives: () => receives,
    breakWith: (error) => {
      broken = error;
    },
  };
};
