import type { Cloud } from "../cloud/cloud";
import { Journal } from "../cloud/journal";
import type { Operation, Service } from "../cloud/service";
import { bill } from "./billing";
import { realisePolicy, realiseQueue } from "./declared";
import type { QueueDelivery } from "./delivery";
import { MoveTasks } from "./moveTasks";
import { moveTaskOperations } from "./operations/moveTasks";
import { accessTo } from "./operations/permission";
import { queueOperations } from "./operations/queues";
import { receiveOperations } from "./operations/receive";
import { sendOperations } from "./operations/send";
import { sqsProtocol } from "./protocol";
import { Queues } from "./queues";

export type Sqs = Service & { queues: Queues };

/** SQS: standard queues with visibility, delays, redrive and retention by the cloud's clock. */
export const createSqs = (cloud: Cloud, { journal }: { journal?: string } = {}): Sqs => {
  const queues = new Queues(cloud, journal === undefined ? undefined : new Journal(journal));
  const tasks = new MoveTasks(cloud, queues);

  /** A call is billed by what it carries, in either direction. */
  const metered = ({ access, run }: Operation): Operation => ({
    access,
    run: async (input: never, call) => {
      const output = (await run(input, call)) ?? {};
      const answer = Buffer.byteLength(JSON.stringify(output));
      bill(cloud, Math.max(call.http.body.length, answer));
      return output;
    },
  });

  cloud.onDelivery("sqs", async ({ to, body, from, attributes, messageAttributes }: QueueDelivery) => {
    cloud.authorise(from, accessTo(queues, queues.existing(to), "sqs:SendMessage"));
    queues.send(to, body, {
      ...(attributes && { attributes }),
      ...(messageAttributes && { messageAttributes }),
      senderId: from.name,
    });
  });

  const operations = {
    ...sendOperations(cloud, queues),
    ...receiveOperations(queues),
    ...queueOperations(queues),
    ...moveTaskOperations(queues, tasks),
  };

  return {
    signingName: "sqs",
    protocol: sqsProtocol,
    operations: Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, metered(operation)])),
    resources: {
      "aws:sqs/queue:Queue": (declared) => realiseQueue(declared, queues),
      "aws:sqs/queuePolicy:QueuePolicy": realisePolicy("policy", queues),
      "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": realisePolicy("redriveAllowPolicy", queues),
    },
    queues,
    reset: () => {
      tasks.clear();
      queues.empty();
    },
    close: () => {
      tasks.clear();
      queues.close();
    },
  };
};
