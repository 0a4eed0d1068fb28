import type { Operation } from "../../cloud/service";
import { fastest, type MoveTask, type MoveTasks, noSuchQueue, sourceOfHandle } from "../moveTasks";
import type { Queues } from "../queues";
import { type Input, knownOnly, optionalText, text, whole } from "./input";
import { accessTo } from "./permission";

const onSource = ["sqs:StartMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

const render = (task: MoveTask) => ({
  ...(task.status === "RUNNING" && { TaskHandle: task.handle }),
  Status: task.status,
  SourceArn: task.source,
  DestinationArn: task.destination,
  MaxNumberOfMessagesPerSecond: task.perSecond,
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  FailureReason: task.failureReason,
  StartedTimestamp: task.startedAt,
});

const there = (queues: Queues, arn: string, parameter: "SourceArn" | "DestinationArn"): string => {
  if (!queues.has(arn)) throw noSuchQueue(parameter);
  return arn;
};

export const moveTaskOperations = (queues: Queues, tasks: MoveTasks): Record<string, Operation> => ({
  StartMessageMoveTask: {
    /** Whoever starts it moves: it takes the permissions of a receiver and of a sender. */
    access: (input: Input) => {
      const source = text(input, "SourceArn");
      const destination = optionalText(input, "DestinationArn");
      return [
        ...onSource.map((action) => accessTo(queues, source, action)),
        ...(destination ? [destination] : queues.sourcesOf(source)).map((arn) =>
          accessTo(queues, arn, "sqs:SendMessage"),
        ),
      ];
    },
    run: (input: Input) => {
      knownOnly("StartMessageMoveTask", input, ["SourceArn", "DestinationArn", "MaxNumberOfMessagesPerSecond"]);
      const destination = optionalText(input, "DestinationArn");
      const perSecond = whole(input, "MaxNumberOfMessagesPerSecond", { least: 1, most: fastest });
      const task = tasks.start(
        there(queues, text(input, "SourceArn"), "SourceArn"),
        destination && there(queues, destination, "DestinationArn"),
        perSecond,
      );
      return { TaskHandle: task.handle };
    },
  },
  ListMessageMoveTasks: {
    access: (input: Input) => accessTo(queues, text(input, "SourceArn"), "sqs:ListMessageMoveTasks"),
    run: (input: Input) => {
      knownOnly("ListMessageMoveTasks", input, ["SourceArn", "MaxResults"]);
      const most = whole(input, "MaxResults", { least: 1, most: 10 }) ?? 1;
      return {
        Results: tasks
          .of(there(queues, text(input, "SourceArn"), "SourceArn"))
          .slice(0, most)
          .map(render),
      };
    },
  },
  CancelMessageMoveTask: {
    access: (input: Input) => accessTo(queues, sourceOfHandle(text(input, "TaskHandle")), "sqs:CancelMessageMoveTask"),
    run: (input: Input) => {
      knownOnly("CancelMessageMoveTask", input, ["TaskHandle"]);
      return { ApproximateNumberOfMessagesMoved: tasks.cancel(text(input, "TaskHandle")).moved };
    },
  },
});
