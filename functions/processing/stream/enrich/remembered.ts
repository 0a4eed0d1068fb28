interface Held<Value> {
  until: number;
  /** Until it has come to its end. */
  reading: Promise<Map<string, Value>> | undefined;
  /** Undefined where there is none. */
  value: Value | undefined;
}

/** Values by key that are good for a while, the latest so many of them; asked for by many at once, read once. */
export class Remembered<Value> {
  private readonly held = new Map<string, Held<Value>>();

  constructor(
    private readonly freshMs: number,
    /** That there is nothing may change any moment. */
    private readonly absentMs: number,
    private readonly most: number,
  ) {}

  /** `read` gets the keys that are not known, and answers with what it found. */
  async get(
    keys: readonly string[],
    now: number,
    read: (missing: string[]) => Promise<Map<string, Value>>,
  ): Promise<Map<string, Value>> {
    const found = new Map<string, Value>();
    const missing: string[] = [];
    const waiting = new Map<Promise<Map<string, Value>>, string[]>();
    for (const key of new Set(keys)) {
      const held = this.held.get(key);
      if (held === undefined || held.until <= now) missing.push(key);
      else if (held.value !== undefined) found.set(key, held.value);
      else if (held.reading) {
        const others = waiting.get(held.reading);
        if (others) others.push(key);
        else waiting.set(held.reading, [key]);
      }
    }
    if (missing.length > 0) waiting.set(this.ask(missing, now, read(missing)), missing);
    for (const [reading, awaited] of waiting) {
      const answer = await reading;
      if (answer.size === 0) continue;
      for (const key of awaited) {
        const value = answer.get(key);
        if (value !== undefined) found.set(key, value);
      }
    }
    this.forget();
    return found;
  }

  private ask(keys: readonly string[], now: number, reading: Promise<Map<string, Value>>): Promise<Map<string, Value>> {
    const asked: Held<Value> = { until: now + this.freshMs, reading, value: undefined };
    for (const key of keys) {
      this.held.delete(key);
      this.held.set(key, asked);
    }
    reading.then(
      (answer) => {
        // One for all that are not there: mostly, that is nearly all of them.
        const absent: Held<Value> = { until: now + this.absentMs, reading: undefined, value: undefined };
        for (const key of keys) {
          if (this.held.get(key) !== asked) continue;
          const value = answer.get(key);
          this.held.set(key, value === undefined ? absent : { until: asked.until, reading: undefined, value });
        }
      },
      () => {
        for (const key of keys) if (this.held.get(key) === asked) this.held.delete(key);
      },
    );
    return reading;
  }

  private forget(): void {
    for (const key of this.held.keys()) {
      if (this.held.size <= this.most) return;
      this.held.delete(key);
    }
  }
}
