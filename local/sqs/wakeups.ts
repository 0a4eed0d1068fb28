import type { Cancel, Clock, TimerKind } from "../cloud/clock";

/** Who waits for a queue's messages, and the timer that wakes them when the next becomes visible. */
export class Wakeups {
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Set<() => void>();
  #timer: { due: number; kind: TimerKind; cancel: Cancel } | undefined;
  #woken = false;

  constructor(
    private readonly clock: Clock,
    private readonly due: () => void,
  ) {}

  /** Whether something in the cloud consumes the queue, so that its messages are work under way. */
  get consumed(): boolean {
    return this.#listeners.size > 0;
  }

  listen(listener: () => void): () => void {
    // Its own identity, so that one function may listen twice.
    const own = () => listener();
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** Ends when there may be something to receive, or at the deadline. */
  async wait(deadline: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.clock.at(deadline, "calendar", () => this.#end(wake));
      const wake = () => {
        cancel();
        resolve();
      };
      this.#waiting.add(wake);
    });
  }

  /** Once for all that becomes visible together, so that a batch arrives as one. */
  wake(): void {
    if (this.#woken) return;
    this.#woken = true;
    queueMicrotask(() => {
      this.#woken = false;
      for (const wake of [...this.#waiting]) this.#end(wake);
      for (const listener of [...this.#listeners]) listener();
    });
  }

  /** A forgotten message of a queue that nobody consumes must not keep the cloud from coming to rest. */
  arm(due: number | undefined): void {
    const kind = this.consumed ? "work" : "calendar";
    if (this.#timer?.due === due && (due === undefined || this.#timer?.kind === kind)) return;
    // Its moment has come, and what waited for it may be visible already: whoever asked first was somebody else.
    if (this.#timer && this.#timer.due <= this.clock.now()) this.wake();
    this.#timer?.cancel();
    this.#timer = undefined;
    if (due === undefined) return;
    const cancel = this.clock.at(due, kind, () => {
      this.#timer = undefined;
      this.due();
    });
    this.#timer = { due, kind, cancel };
  }

  #end(wake: () => void): void {
    this.#waiting.delete(wake);
    wake();
  }
}
