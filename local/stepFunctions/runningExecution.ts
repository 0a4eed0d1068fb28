import type { Cloud } from "../cloud/cloud";
import { correlationIdIn } from "../cloud/trace";
import type { End, Execution } from "./execution";
import type { Tools } from "./language/intrinsic/functions";
import type { Json, JsonObject } from "./language/json";
import { StateError } from "./language/stateError";
import { History, type HistoryEvent } from "./run/history";
import { type Resumption, runStates } from "./run/interpreter";
import { Halted, inputOf, outputOf, Strand, type Surroundings } from "./run/strand";
import type { StateMachine } from "./stateMachine";
import type { Send } from "./tasks/gatewayCall";

export interface RunOptions {
  cloud: Cloud;
  tools: Tools;
  send: Send;
  onEvent: (event: HistoryEvent) => void;
  onEnd: (end: End) => void;
  /** What happened in an earlier process. */
  before?: readonly HistoryEvent[];
}

export type About = Pick<Execution, "arn" | "name" | "input" | "startedAt">;

/** AWS ends an express execution after so long. */
const longestExpressSeconds = 300;

const said = ({ error, cause }: { error?: string | undefined; cause?: string | undefined }) => ({
  ...(error !== undefined && { error }),
  ...(cause !== undefined && { cause }),
});

/** Where an execution of an earlier process was: it takes up its state from that state's beginning. */
const resumptionOf = (events: readonly HistoryEvent[]): Resumption | undefined => {
  const entered = events.findLast(({ top, type }) => top && type.endsWith("StateEntered"));
  const { name, input } = entered?.details ?? {};
  if (!entered || typeof name !== "string" || typeof input !== "string") return undefined;
  return { name, input: JSON.parse(input) as Json, eventId: entered.id, at: entered.timestamp };
};

/** An execution, from its start to its end. */
export class RunningExecution implements Execution {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly input: string;
  readonly startedAt: number;
  end: End | undefined;
  /** Resolves when it has ended. */
  readonly over: Promise<End>;
  readonly #history: History;
  readonly #halt = new AbortController();
  #resolve: (end: End) => void = () => undefined;
  #cancelTimeout: () => void = () => undefined;

  constructor(
    private readonly machine: StateMachine,
    { arn, name, input, startedAt }: About,
    private readonly options: RunOptions,
  ) {
    this.arn = arn;
    this.name = name;
    this.machineArn = machine.arn;
    this.input = input;
    this.startedAt = startedAt;
    this.over = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#history = new History({
      now: () => options.cloud.clock.now(),
      kept: machine.type === "STANDARD",
      onEvent: options.onEvent,
      before: options.before ?? [],
    });
  }

  events(): readonly HistoryEvent[] {
    return this.#history.events;
  }

  /** Makes room: from now on it has no events any more. */
  forgetEvents(): void {
    this.#history.forget();
  }

  begin(): void {
    const { before = [] } = this.options;
    if (before.length === 0) {
      this.#history.add("ExecutionStarted", 0, { ...inputOf(this.input), roleArn: this.machine.roleArn });
    }
    this.#limitTime();
    void this.#run(resumptionOf(before));
  }

  stop(reason: { error?: string | undefined; cause?: string | undefined }): void {
    this.#finish({ status: "ABORTED", stoppedAt: this.options.cloud.clock.now(), ...said(reason) }, 0);
  }

  /** Stops without an end: a later process may go on with it. */
  abandon(): void {
    this.#cancelTimeout();
    this.#halt.abort();
  }

  async #run(resumed: Resumption | undefined): Promise<void> {
    const { cloud } = this.options;
    const signal = this.#halt.signal;
    const strand = new Strand(this.#surroundings(), { signal, after: resumed?.eventId ?? 0, top: true });
    try {
      const output = await runStates(this.machine.machine, JSON.parse(this.input) as Json, strand, resumed);
      const stoppedAt = cloud.clock.now();
      this.#finish({ status: "SUCCEEDED", stoppedAt, output: JSON.stringify(output) }, strand.last);
    } catch (thrown) {
      // Whoever halted it has said how it ended.
      if (!(thrown instanceof Halted)) this.#fail(thrown, strand.last);
    } finally {
      strand.end();
    }
  }

  #fail(thrown: unknown, lastEventId: number): void {
    const { error, reason: cause } =
      thrown instanceof StateError
        ? thrown
        : { error: "States.Runtime", reason: `The embedded cloud failed: ${thrown}` };
    const stoppedAt = this.options.cloud.clock.now();
    this.#finish(
      { status: "FAILED", stoppedAt, ...said({ error: error === "" ? undefined : error, cause }) },
      lastEventId,
    );
  }

  #limitTime(): void {
    const { type, machine } = this.machine;
    const longest = type === "EXPRESS" ? longestExpressSeconds : Number.POSITIVE_INFINITY;
    const seconds = Math.min(machine.TimeoutSeconds ?? longest, longest);
    if (seconds === Number.POSITIVE_INFINITY) return;
    const stoppedAt = this.startedAt + seconds * 1_000;
    this.#cancelTimeout = this.options.cloud.clock.at(stoppedAt, "work", () =>
      this.#finish({ status: "TIMED_OUT", stoppedAt }, 0),
    );
  }

  #finish(end: End, lastEventId: number): void {
    if (this.end) return;
    this.abandon();
    this.end = end;
    const { status, output, error, cause } = end;
    if (status === "SUCCEEDED") this.#history.end("ExecutionSucceeded", lastEventId, outputOf(output ?? ""));
    else if (status === "TIMED_OUT") this.#history.end("ExecutionTimedOut", lastEventId, { error: "States.Timeout" });
    else
      this.#history.end(`Execution${status === "FAILED" ? "Failed" : "Aborted"}`, lastEventId, said({ error, cause }));
    this.options.onEnd(end);
    this.#resolve(end);
  }

  #surroundings(): Surroundings {
    const { cloud, tools, send } = this.options;
    const { accessKeyId, role, type } = this.machine;
    return {
      cloud,
      tools,
      history: this.#history,
      context: this.#context(),
      send: (request) => send(accessKeyId, request),
      onTransition: () => {
        if (type === "STANDARD") cloud.meter.add("stepfunctions transition");
      },
      onTask: ({ state, input, ...span }) =>
        cloud.trace.add({
          ...span,
          service: "states",
          operation: state,
          resource: this.arn,
          caller: role.name,
          correlationId: correlationIdIn(input) ?? correlationIdIn(this.input),
        }),
    };
  }

  #context(): JsonObject {
    const { arn, name, roleArn } = this.machine;
    return {
      Execution: {
        Id: this.arn,
        Input: JSON.parse(this.input) as Json,
        StartTime: new Date(this.startedAt).toISOString(),
        Name: this.name,
        RoleArn: roleArn,
        RedriveCount: 0,
      },
      StateMachine: { Id: arn, Name: name },
    };
  }
}
