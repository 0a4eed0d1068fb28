import type { Cloud } from "../../cloud/cloud";
import type { Tools } from "../language/intrinsic/functions";
import type { Json, JsonObject } from "../language/json";
import type { ServiceAnswer, ServiceRequest } from "../tasks/gatewayCall";
import type { History } from "./history";

/** What all that an execution does at once has in common. */
export interface Surroundings {
  cloud: Cloud;
  history: History;
  tools: Tools;
  /** Of the context object what is the same for all states. */
  context: JsonObject;
  /** Calls a service as the state machine's role. */
  send: (request: ServiceRequest) => Promise<ServiceAnswer>;
  /** Hears of each step that AWS bills. */
  onTransition: () => void;
  /** Hears how a task went. */
  onTask: (task: { state: string; at: number; durationMs: number; input: string; outcome: string }) => void;
}

/** Somebody has ended the execution, or what this was a part of. */
export class Halted extends Error {
  override name = "Halted";
}

interface StrandOptions {
  signal: AbortSignal;
  /** Id of the event that comes before its first. */
  after: number;
  /** The item of the Map state that it works on. */
  item?: JsonObject | undefined;
  top?: boolean;
}

/** One of the things that an execution does at the same time: each has its own sequence of events. */
export class Strand {
  last: number;
  readonly signal: AbortSignal;
  readonly item: JsonObject | undefined;
  readonly top: boolean;
  /** Type of the state that it is in. */
  state: string | undefined;
  #done: () => void;

  constructor(
    readonly around: Surroundings,
    { signal, after, item, top = false }: StrandOptions,
  ) {
    this.last = after;
    this.signal = signal;
    this.item = item;
    this.top = top;
    this.#done = around.cloud.activity.begin("state machine");
  }

  /** Adds the event that comes next, unless nothing is to come any more. */
  add(type: string, details?: JsonObject): number {
    if (this.signal.aborted) throw new Halted();
    this.last = this.around.history.add(type, this.last, details, this.top);
    return this.last;
  }

  /** Adds an event that nothing follows. */
  note(type: string, details?: JsonObject): void {
    this.around.history.add(type, this.last, details, this.top);
  }

  fork(signal: AbortSignal, item?: JsonObject): Strand {
    return new Strand(this.around, { signal, after: this.last, item: item ?? this.item });
  }

  /** Works as part of what keeps the cloud busy; without it, until this is over. */
  async idling<T>(work: () => Promise<T>): Promise<T> {
    const doing = work();
    this.#done();
    try {
      return await doing;
    } finally {
      this.#done = this.around.cloud.activity.begin("state machine");
    }
  }

  end(): void {
    this.#done();
  }

  /** Waits by the cloud's clock. */
  until(moment: number): Promise<void> {
    const { clock } = this.around.cloud;
    return this.idling(() => {
      let cancel = () => {};
      const due = new Promise<void>((resolve) => {
        cancel = clock.at(moment, "work", resolve);
      });
      return unlessHalted(this.signal, due).finally(() => cancel());
    });
  }
}

/** The same, but over at once when somebody halts it. */
export const unlessHalted = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const halt = () => reject(new Halted());
    if (signal.aborted) halt();
    signal.addEventListener("abort", halt, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", halt));
  });

/** Details of an event that carries data. */
export const inputOf = (input: string): JsonObject => ({ input, inputDetails: { truncated: false } });
export const outputOf = (output: string): JsonObject => ({ output, outputDetails: { truncated: false } });

/** The context object of a state. */
export const contextOf = (
  { around, item }: Strand,
  { name, enteredAt, retryCount }: { name: string; enteredAt: number; retryCount?: number },
): JsonObject => ({
  ...around.context,
  ...(item && { Map: { Item: item } }),
  State: {
    Name: name,
    EnteredTime: new Date(enteredAt).toISOString(),
    ...(retryCount !== undefined && { RetryCount: retryCount }),
  } satisfies Record<string, Json>,
});
