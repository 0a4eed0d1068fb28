import type { Cloud } from "../cloud/cloud";
import { executionAlreadyExists, executionDoesNotExist } from "./errors";
import type { Execution, Watcher } from "./execution";
import type { KeptExecutions, Left } from "./keptExecutions";
import type { Tools } from "./language/intrinsic/functions";
import { executionArn, expressArn } from "./names";
import { type About, RunningExecution } from "./runningExecution";
import type { StateMachine } from "./stateMachine";
import type { Send } from "./tasks/gatewayCall";

const dayMs = 86_400_000;
/** So long AWS knows an execution after its end, and keeps its name from others. */
const knownMs = 90 * dayMs;
interface Options {
  tools: Tools;
  send: Send;
  watchers: readonly Watcher[];
  kept: KeptExecutions;
  machineOf: (arn: string) => StateMachine | undefined;
  /** How many events of executions that are over are kept; beyond that the oldest lose theirs. */
  mostEvents: number;
}

/** What is known of an execution, and what runs it, if something does. */
interface Entry {
  execution: Execution;
  running: RunningExecution | undefined;
}

/** The executions of all state machines. Of express ones only those that run are known. */
export class Executions {
  readonly #standard = new Map<string, Entry>();
  readonly #express = new Set<RunningExecution>();
  #interrupted: Left[];
  #eventsHeld = 0;

  constructor(
    private readonly cloud: Cloud,
    private readonly options: Options,
  ) {
    const left = options.kept.take(() => [...this.#standard.values()].map(({ execution }) => execution));
    for (const one of left) {
      this.#standard.set(one.arn, { execution: { ...one, events: () => one.events }, running: undefined });
      if (one.end) this.#eventsHeld += one.events.length;
    }
    this.#interrupted = left.filter(({ end }) => !end);
  }

  /** The same again for the same name and input, as long as it runs. */
  start(machine: StateMachine, name: string, input: string): Execution {
    this.#forgetOld();
    const arn = executionArn(machine.name, name);
    const known = this.#standard.get(arn)?.execution;
    if (known && !known.end && known.input === input) return known;
    if (known) throw executionAlreadyExists(arn);
    const execution = this.#make(machine, { arn, name, input, startedAt: this.cloud.clock.now() });
    this.#standard.set(arn, { execution, running: execution });
    this.options.kept.started(execution);
    this.#begin(machine, execution);
    return execution;
  }

  startExpress(machine: StateMachine, name: string, input: string): RunningExecution {
    const arn = expressArn(machine.name, name, this.cloud.newId());
    const execution = this.#make(machine, { arn, name, input, startedAt: this.cloud.clock.now() });
    this.#express.add(execution);
    void execution.over.then(() => this.#express.delete(execution));
    this.#begin(machine, execution);
    return execution;
  }

  find(arn: string): Execution {
    this.#forgetOld();
    const entry = this.#standard.get(arn);
    if (!entry) throw executionDoesNotExist(arn);
    return entry.execution;
  }

  /** Newest first. */
  of({ arn }: StateMachine): Execution[] {
    this.#forgetOld();
    const executions = [...this.#standard.values()].map(({ execution }) => execution);
    return executions.filter(({ machineArn }) => machineArn === arn).reverse();
  }

  stop(arn: string, reason: { error?: string | undefined; cause?: string | undefined }): Execution {
    const execution = this.find(arn);
    this.#standard.get(arn)?.running?.stop(reason);
    return execution;
  }

  /** Goes on with what an earlier process began; to be called once all state machines are declared. */
  resume(): void {
    for (const left of this.#interrupted.splice(0)) {
      const machine = this.options.machineOf(left.machineArn);
      if (machine) this.#resume(machine, left);
      else this.#giveUp(left);
    }
  }

  reset(): void {
    this.stopRunning();
    this.#standard.clear();
    this.#interrupted = [];
    this.#eventsHeld = 0;
    this.options.kept.cutDown();
  }

  /** Leaves what runs to a later process, if it is kept. */
  stopRunning(): void {
    for (const { running } of this.#standard.values()) running?.abandon();
    for (const execution of this.#express) execution.abandon();
    this.#express.clear();
  }

  #resume(machine: StateMachine, left: Left): void {
    const execution = this.#make(machine, left, left.events);
    this.#standard.set(left.arn, { execution, running: execution });
    execution.begin();
  }

  #giveUp(left: Left): void {
    const cause = "Its state machine is not declared any more.";
    left.end = { status: "ABORTED", stoppedAt: this.cloud.clock.now(), cause };
    this.options.kept.ended(left.arn, left.end);
    this.#standard.set(left.arn, { execution: { ...left, events: () => left.events }, running: undefined });
  }

  #make(machine: StateMachine, about: About, before: Left["events"] = []): RunningExecution {
    const { tools, send, watchers, kept } = this.options;
    const isKept = machine.type === "STANDARD";
    const execution: RunningExecution = new RunningExecution(machine, about, {
      cloud: this.cloud,
      tools,
      send,
      before,
      onEvent: (event) => {
        if (isKept) kept.happened(about.arn, event);
        for (const watcher of watchers) watcher.happened?.(execution, machine, event);
      },
      onEnd: (end) => {
        if (isKept) kept.ended(about.arn, end);
        this.#eventsHeld += execution.events().length;
        this.#makeRoom();
        for (const watcher of watchers) watcher.ended?.(execution, machine, end);
      },
    });
    return execution;
  }

  #begin(machine: StateMachine, execution: RunningExecution): void {
    for (const watcher of this.options.watchers) watcher.started?.(execution, machine);
    execution.begin();
  }

  #makeRoom(): void {
    for (const entry of this.#standard.values()) {
      if (this.#eventsHeld <= this.options.mostEvents) return;
      if (!entry.execution.end) continue;
      this.#eventsHeld -= entry.execution.events().length;
      entry.running?.forgetEvents();
      if (!entry.running) entry.execution = { ...entry.execution, events: () => [] };
    }
  }

  #forgetOld(): void {
    const oldest = this.cloud.clock.now() - knownMs;
    for (const [arn, { execution }] of this.#standard) {
      // They stand in the order in which they started: what is old enough to be forgotten comes first.
      if (execution.startedAt > oldest) return;
      if (!execution.end || execution.end.stoppedAt > oldest) continue;
      this.#eventsHeld -= execution.events().length;
      this.#standard.delete(arn);
    }
  }
}
