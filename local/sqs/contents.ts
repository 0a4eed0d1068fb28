import { Agenda } from "./agenda";
import type { StoredMessage } from "./message";

export interface Counts {
  visible: number;
  inFlight: number;
  delayed: number;
}

/** The messages of one queue. */
export class Contents {
  readonly #messages = new Map<string, StoredMessage>();
  readonly #visible = new Set<string>();
  readonly #hidden = new Agenda(({ due, id }) => this.#messages.get(id)?.visibleAt === due && !this.#visible.has(id));
  /** No message is older than this. */
  #oldest = Number.POSITIVE_INFINITY;

  put(message: StoredMessage, now: number): void {
    this.#messages.set(message.id, message);
    this.#visible.delete(message.id);
    this.#oldest = Math.min(this.#oldest, message.sentAt);
    if (message.visibleAt <= now) this.#visible.add(message.id);
    else this.#hidden.add(message.visibleAt, message.id);
  }

  remove(id: string): void {
    this.#messages.delete(id);
    this.#visible.delete(id);
  }

  clear(): void {
    this.#messages.clear();
    this.#visible.clear();
    this.#hidden.clear();
    this.#oldest = Number.POSITIVE_INFINITY;
  }

  all(): Iterable<StoredMessage> {
    return this.#messages.values();
  }

  get(id: string): StoredMessage | undefined {
    return this.#messages.get(id);
  }

  isVisible(id: string): boolean {
    return this.#visible.has(id);
  }

  /** Longest visible first. */
  *visible(): Generator<StoredMessage> {
    for (const id of this.#visible) {
      const message = this.#messages.get(id);
      if (message) yield message;
    }
  }

  /** Shows what has become visible by now. */
  show(now: number): void {
    for (let first = this.#hidden.first(); first && first.due <= now; first = this.#hidden.first()) {
      this.#visible.add(first.id);
    }
  }

  /** Those sent before a moment. */
  sentBefore(moment: number): StoredMessage[] {
    if (this.#oldest >= moment) return [];
    this.#oldest = this.oldestSentAt() ?? Number.POSITIVE_INFINITY;
    return [...this.#messages.values()].filter(({ sentAt }) => sentAt < moment);
  }

  oldestSentAt(): number | undefined {
    let oldest: number | undefined;
    for (const { sentAt } of this.#messages.values()) oldest = Math.min(oldest ?? sentAt, sentAt);
    return oldest;
  }

  /** When the next hidden message becomes visible. */
  nextVisibleAt(): number | undefined {
    return this.#hidden.first()?.due;
  }

  visibleCount(): number {
    return this.#visible.size;
  }

  counts(): Counts {
    const visible = this.#visible.size;
    let inFlight = 0;
    for (const { id, receipt } of this.#messages.values()) {
      if (receipt !== undefined && !this.#visible.has(id)) inFlight++;
    }
    return { visible, inFlight, delayed: this.#messages.size - visible - inFlight };
  }
}
