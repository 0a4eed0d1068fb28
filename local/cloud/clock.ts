/** Work: it must be waited for before all is quiet. Calendar: it comes by itself some day, like a schedule. */
export type TimerKind = "work" | "calendar";

interface Timer {
  due: number;
  order: number;
  kind: TimerKind;
  run: () => void;
}

export type Cancel = () => void;

const longestWait = 2 ** 31 - 1;

/**
 * The cloud's time: real time plus what it was turned by. Everything in the cloud that waits does so here, so that turning
 * the clock makes due what lies between, in order.
 */
export class Clock {
  #offset = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();
  #alarm: NodeJS.Timeout | undefined;
  #told: (offset: number) => void = () => undefined;

  constructor(private readonly realTime: () => number = Date.now) {}

  now(): number {
    return this.realTime() + this.#offset;
  }

  /** How far ahead of real time the cloud is. */
  offset(): number {
    return this.#offset;
  }

  /** Goes on where another clock was. From now on `told` hears how far ahead a turn leads, before anything happens there. */
  goOn(offset: number, told: (offset: number) => void): void {
    this.#offset = offset;
    this.#told = told;
  }

  at(due: number, kind: TimerKind, run: () => void): Cancel {
    const timer: Timer = { due, order: this.#order++, kind, run };
    this.#timers.add(timer);
    this.#arm();
    return () => {
      this.#timers.delete(timer);
    };
  }

  after(ms: number, kind: TimerKind, run: () => void): Cancel {
    return this.at(this.now() + ms, kind, run);
  }

  /** When the next timer of this kind is due. */
  next(kind?: TimerKind): number | undefined {
    return this.#first(kind)?.due;
  }

  /** Turns the clock forward; what becomes due on the way runs at its own moment, and `settle` waits for what it began. */
  async turnTo(moment: number, settle: () => Promise<void> = async () => undefined): Promise<void> {
    if (moment > this.now()) this.#told(moment - this.realTime());
    for (;;) {
      const timer = this.#first();
      if (!timer || timer.due > moment) break;
      this.#advanceTo(timer.due);
      this.#timers.delete(timer);
      timer.run();
      await settle();
    }
    this.#advanceTo(moment);
    this.#arm();
  }

  stop(): void {
    this.#timers.clear();
    clearTimeout(this.#alarm);
  }

  #first(kind?: TimerKind): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (kind && timer.kind !== kind) continue;
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) first = timer;
    }
    return first;
  }

  #advanceTo(moment: number): void {
    // Whole milliseconds: no clock may stand between two of them.
    const ahead = Math.ceil(moment) - this.now();
    if (ahead > 0) this.#offset += ahead;
  }

  #arm(): void {
    clearTimeout(this.#alarm);
    const first = this.#first();
    if (!first) return;
    this.#alarm = setTimeout(() => this.#runDue(), Math.min(longestWait, Math.max(0, first.due - this.now())));
    this.#alarm.unref();
  }

  #runDue(): void {
    for (let timer = this.#first(); timer && timer.due <= this.now(); timer = this.#first()) {
      this.#timers.delete(timer);
      timer.run();
    }
    this.#arm();
  }
}
