import { AwsError } from "../cloud/awsError";
import type { Cancel } from "../cloud/clock";
import type { Cloud } from "../cloud/cloud";
import { invalidParameter } from "./errors";
import type { Queues } from "./queues";

export type TaskStatus = "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";

export interface MoveTask {
  readonly handle: string;
  readonly source: string;
  readonly destination: string | undefined;
  readonly perSecond: number | undefined;
  readonly startedAt: number;
  readonly toMove: number;
  status: TaskStatus;
  moved: number;
  failureReason: string | undefined;
}

export const fastest = 500;
const stepMs = 1_000;
const gone = "AWS.SimpleQueueService.NonExistentQueue";

const notFound = (message: string): AwsError => new AwsError("ResourceNotFoundException", message, 404);

/** As these calls say it of a queue that is not there. */
export const noSuchQueue = (parameter: "SourceArn" | "DestinationArn"): AwsError =>
  notFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);

const encode = (id: string, source: string): string =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn: source })).toString("base64");

/** The queue of which a task's handle speaks. */
export const sourceOfHandle = (handle: string): string => {
  const refuse = () => invalidParameter("Value for parameter TaskHandle is invalid.");
  try {
    const { sourceArn } = JSON.parse(Buffer.from(handle, "base64").toString("utf8")) as { sourceArn?: unknown };
    if (typeof sourceArn === "string") return sourceArn;
  } catch {
    throw refuse();
  }
  throw refuse();
};

/** Moves dead letters back to where they came from, or on to another queue, so many a second. */
export class MoveTasks {
  #tasks: MoveTask[] = [];
  readonly #steps = new Map<MoveTask, Cancel>();

  constructor(
    private readonly cloud: Cloud,
    private readonly queues: Queues,
  ) {}

  /** Latest first. */
  of(source: string): MoveTask[] {
    return this.#tasks.filter((task) => task.source === source).reverse();
  }

  start(source: string, destination: string | undefined, perSecond: number | undefined): MoveTask {
    const waiting = Number(this.queues.attributes(source)["ApproximateNumberOfMessages"]);
    if (this.queues.sourcesOf(source).length === 0) {
      throw invalidParameter("Source queue must be configured as a Dead Letter Queue.");
    }
    if (destination === source) {
      throw invalidParameter("Source and destination must be different queues.");
    }
    if (this.of(source).some(({ status }) => status === "RUNNING")) {
      throw invalidParameter(
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
      );
    }
    const task: MoveTask = {
      handle: encode(this.cloud.newId(), source),
      source,
      destination,
      perSecond,
      startedAt: this.cloud.clock.now(),
      toMove: waiting,
      status: "RUNNING",
      moved: 0,
      failureReason: undefined,
    };
    this.#tasks.push(task);
    // Not within the call that starts it, so that a task can be seen running and cancelled.
    this.#after(task, stepMs);
    return task;
  }

  cancel(handle: string): MoveTask {
    const task = this.#tasks.find((one) => one.handle === handle);
    if (!this.queues.has(sourceOfHandle(handle))) throw noSuchQueue("SourceArn");
    if (!task) throw notFound("Task does not exist.");
    if (task.status !== "RUNNING") {
      throw new AwsError("UnsupportedOperation", "Only active tasks can be cancelled.");
    }
    this.#end(task, "CANCELLED");
    return task;
  }

  clear(): void {
    for (const cancel of this.#steps.values()) cancel();
    this.#steps.clear();
    this.#tasks = [];
  }

  #after(task: MoveTask, ms: number): void {
    this.#steps.set(
      task,
      this.cloud.clock.after(ms, "work", () => this.#step(task)),
    );
  }

  #step(task: MoveTask): void {
    const obstacle = this.#move(task);
    if (obstacle) this.#end(task, "FAILED", obstacle);
    else if (task.moved < task.toMove && this.queues.visible(task.source, 1).length > 0) this.#after(task, stepMs);
    else this.#end(task, "COMPLETED");
  }

  /** Moves what may be moved at once; answers what stood in the way. */
  #move(task: MoveTask): string | undefined {
    if (!this.queues.has(task.source)) return gone;
    const left = task.toMove - task.moved;
    for (const message of this.queues.visible(task.source, Math.min(left, task.perSecond ?? fastest))) {
      const destination = task.destination ?? message.deadLetterSource;
      if (!destination) return "CouldNotDetermineMessageSource";
      if (!this.queues.has(destination)) return gone;
      this.queues.resend(message, task.source, destination);
      task.moved++;
    }
    return undefined;
  }

  #end(task: MoveTask, status: TaskStatus, failureReason?: string): void {
    this.#steps.get(task)?.();
    this.#steps.delete(task);
    task.status = status;
    task.failureReason = failureReason;
  }
}
