export interface LogEvent {
  id: string;
  stream: string;
  /** Epoch milliseconds. */
  timestamp: number;
  ingestedAt: number;
  message: string;
  /** Its place among all events of the store: what decides between equal timestamps. */
  sequence: number;
}

export interface LogStream {
  name: string;
  createdAt: number;
  firstAt: number | undefined;
  lastAt: number | undefined;
  lastIngestedAt: number | undefined;
}

const dayMs = 86_400_000;

const order = (one: LogEvent, other: LogEvent): number =>
  one.timestamp - other.timestamp || one.sequence - other.sequence;

const after = (one: LogEvent, other: Pick<LogEvent, "timestamp" | "sequence">): boolean =>
  one.timestamp > other.timestamp || (one.timestamp === other.timestamp && one.sequence > other.sequence);

/** A log group with its events in order of time. */
export class LogGroup {
  readonly streams = new Map<string, LogStream>();
  retentionInDays: number | undefined;
  /** How many events were given up because the group was full. */
  dropped = 0;
  private events: LogEvent[] = [];
  /** Events before it are gone; they are cut off in bulk, since that moves all others. */
  private head = 0;

  constructor(
    readonly name: string,
    readonly createdAt: number,
    private readonly most: number,
  ) {}

  get size(): number {
    return this.events.length - this.head;
  }

  addStream(name: string, createdAt: number): LogStream {
    const stream = { name, createdAt, firstAt: undefined, lastAt: undefined, lastIngestedAt: undefined };
    this.streams.set(name, stream);
    return stream;
  }

  /** Takes over events of before. Streams that have outlived theirs are forgotten. */
  restore(events: readonly LogEvent[], now: number): void {
    for (const event of events.toSorted(order)) this.add(event);
    this.expire(now);
    const filled = new Set(this.all().map(({ stream }) => stream));
    const oldest = now - (this.retentionInDays ?? Number.POSITIVE_INFINITY) * dayMs;
    for (const { name, createdAt } of this.streams.values()) {
      if (!filled.has(name) && createdAt < oldest) this.streams.delete(name);
    }
  }

  add(event: LogEvent): void {
    this.note(event);
    let at = this.events.length;
    for (let before = this.events[at - 1]; before && at > this.head && after(before, event); ) {
      at--;
      before = this.events[at - 1];
    }
    if (at === this.events.length) this.events.push(event);
    else this.events.splice(at, 0, event);
    if (this.size > this.most) {
      this.head++;
      this.dropped++;
    }
    this.cut();
  }

  all(): LogEvent[] {
    return this.events.slice(this.head);
  }

  /** Forgets what is older than the group's retention. */
  expire(now: number): void {
    if (this.retentionInDays === undefined) return;
    const oldest = now - this.retentionInDays * dayMs;
    for (let first = this.events[this.head]; first && first.timestamp < oldest; first = this.events[this.head]) {
      this.head++;
    }
    this.cut();
  }

  /** The events after a position, or all, that lie in a stretch of time. */
  *between(start: number, end: number, position?: Pick<LogEvent, "timestamp" | "sequence">): Iterable<LogEvent> {
    for (let at = this.firstFrom(Math.max(start, position?.timestamp ?? start)); at < this.events.length; at++) {
      const event = this.events[at];
      if (!event || event.timestamp > end) return;
      if (!position || after(event, position)) yield event;
    }
  }

  removeStream(name: string): void {
    this.streams.delete(name);
    this.events = this.events.slice(this.head).filter(({ stream }) => stream !== name);
    this.head = 0;
  }

  private note({ stream: name, timestamp, ingestedAt }: LogEvent): void {
    const stream = this.streams.get(name);
    if (!stream) return;
    stream.firstAt = Math.min(stream.firstAt ?? timestamp, timestamp);
    stream.lastAt = Math.max(stream.lastAt ?? timestamp, timestamp);
    stream.lastIngestedAt = ingestedAt;
  }

  private firstFrom(timestamp: number): number {
    let low = this.head;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle]?.timestamp ?? timestamp) < timestamp) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private cut(): void {
    if (this.head < 1_024 || this.head * 2 < this.events.length) return;
    this.events = this.events.slice(this.head);
    this.head = 0;
  }
}
