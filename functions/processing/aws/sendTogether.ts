import { type BatchResultErrorEntry, type MessageAttributeValue, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import type { Run } from "../consume/run";
import { Failure } from "../failure";
import { limits } from "../limits";
import { sqs } from "./sqs";
import { gathered, loads, type Waiting } from "./together";

export interface Message {
  body: string;
  attributes?: Record<string, string>;
}

interface Sending extends Message {
  queueUrl: string;
  run: Run;
}

type Load = readonly Waiting<Sending, void>[];

const attribute = (StringValue: string): MessageAttributeValue => ({ DataType: "String", StringValue });

/** As SQS counts: the names and types of attributes as well. */
const bytesOf = ({ asked: { body, attributes = {} } }: Waiting<Sending, void>): number =>
  [body, ...Object.entries(attributes).flatMap(([name, value]) => [name, value, "String"])].reduce(
    (sum, text) => sum + Buffer.byteLength(text),
    0,
  );

const failureOf = ({ Code = "unknown", Message, SenderFault = false }: BatchResultErrorEntry): Failure =>
  new Failure(
    SenderFault ? "permanent" : "throttled",
    `SQS refused a message: ${Code}${Message ? `: ${Message}` : ""}`,
    {
      origin: "aws",
    },
  );

/** Each hears of its own message. What may still be taken is sent again. */
const sendLoad = async (load: Load): Promise<void> => {
  const [first] = load;
  if (!first) return;
  const { queueUrl, run } = first.asked;
  let left = load;
  const sendLeft = async () => {
    const { Failed = [] } = await sqs().send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: left.map(({ asked: { body, attributes = {} } }, at) => ({
          Id: String(at),
          MessageBody: body,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [name, attribute(value)]),
          ),
        })),
      }),
    );
    const refused = new Map(Failed.map((entry) => [entry.Id, failureOf(entry)]));
    const again: (readonly [Waiting<Sending, void>, Failure])[] = [];
    for (const [at, one] of left.entries()) {
      const failure = refused.get(String(at));
      if (!failure) one.resolve();
      else if (failure.category === "permanent") one.reject(failure);
      else again.push([one, failure]);
    }
    left = again.map(([one]) => one);
    if (again[0]) throw again[0][1];
  };
  try {
    await run.call("SendMessageBatch", "aws", sendLeft);
  } catch (error) {
    // One of them is no good for all, and nobody says which.
    const divides = left.length > 1 && error instanceof Failure && error.category === "permanent";
    if (divides) await Promise.all(left.map((one) => sendLoad([one])));
    else for (const { reject } of left) reject(error);
  }
};

const ask = gathered<Sending, void>((waiting) => {
  const byQueue = Map.groupBy(waiting, ({ asked }) => asked.queueUrl);
  for (const all of byQueue.values()) {
    for (const load of loads(all, (one) => [1, bytesOf(one)], [limits.sqsEntries, limits.sqsBytes]))
      void sendLoad(load);
  }
});

/**
 * Sends a message to a queue. Those who do so side by side share a call, and one whose message is refused is the only one
 * that fails.
 */
export const sendTogether = (queueUrl: string, message: Message, run: Run): Promise<void> =>
  ask({ ...message, queueUrl, run });
