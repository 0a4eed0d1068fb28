import type { Clock } from "./clock";

const quietRounds = 3;

/** Knows whether anything is in flight anywhere in the cloud. */
export class Activity {
  readonly #begun = new Map<string, number>();
  readonly #sources: { label: string; pending: () => number }[] = [];
  #waiting: (() => void)[] = [];
  #changes = 0;

  /** Something has begun; the answer ends it. */
  begin(label: string): () => void {
    this.#begun.set(label, (this.#begun.get(label) ?? 0) + 1);
    this.#changes++;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const left = (this.#begun.get(label) ?? 1) - 1;
      if (left > 0) this.#begun.set(label, left);
      else this.#begun.delete(label);
      this.#changes++;
      if (this.#begun.size === 0) this.#wake();
    };
  }

  async during<T>(label: string, work: () => Promise<T>): Promise<T> {
    const end = this.begin(label);
    try {
      return await work();
    } finally {
      end();
    }
  }

  /** A service that holds work which somebody is about to take: messages that can be received, for one. */
  watch(label: string, pending: () => number): void {
    this.#sources.push({ label, pending });
  }

  /** What is under way, by label. */
  report(): Record<string, number> {
    const held = this.#sources
      .map(({ label, pending }) => [label, pending()] as const)
      .filter(([, count]) => count > 0);
    return { ...Object.fromEntries(held), ...Object.fromEntries(this.#begun) };
  }

  /** Resolves once nothing is in flight. What waits for a moment of the clock is not in flight. */
  async idle(): Promise<void> {
    for (let quiet = 0, seen = -1; quiet < quietRounds; ) {
      if (this.#begun.size > 0) await new Promise<void>((wake) => this.#waiting.push(wake));
      await new Promise(setImmediate);
      const still = this.#changes === seen && Object.keys(this.report()).length === 0;
      quiet = still ? quiet + 1 : 0;
      seen = this.#changes;
    }
  }

  /** As idle, but lets the clock run to whatever work still waits for: visibility, delays, retries, batch windows. */
  async settle(clock: Clock): Promise<void> {
    await this.idle();
    for (let due = clock.next("work"); due !== undefined; due = clock.next("work")) {
      await clock.turnTo(due, () => this.idle());
      await this.idle();
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
