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
    const wanted = new Set(keys);
    const missing: string[] = [];
    for (const key of wanted) if ((this.held.get(key)?.until ?? 0) <= now) missing.push(key);
    if (missing.length > 0) this.ask(missing, now, read(missing));
    const found = new Map<string, Value>();
    const waiting: [key: string, reading: Promise<Map<string, Value>>][] = [];
    for (const key of wanted) {
      const held = this.held.get(key);
      if (held?.reading) waiting.push([key, held.reading]);
      else if (held?.value !== undefined) found.set(key, held.value);
    }
    const answers = new Map<Promise<unknown>, Map<string, Value>>();
    for (const reading of new Set(waiting.map(([, one]) => one))) answers.set(reading, await reading);
    for (const [key, reading] of waiting) {
      const value = answers.get(reading)?.get(key);
      if (value !== undefined) found.set(key, value);
    }
    this.forget();
    return found;
  }

  private ask(keys: readonly string[], now: number, reading: Promise<Map<string, Value>>): void {
    const asked = keys.map((key) => {
      const held: Held<Value> = { until: now + this.freshMs, reading, value: undefined };
      this.held.delete(key);
      this.held.set(key, held);
      return [key, held] as const;
    });
    reading.then(
      (answer) => {
        for (const [key, held] of asked) {
          held.reading = undefined;
          held.value = answer.get(key);
          if (held.value === undefined) held.until = now + this.absentMs;
        }
      },
      () => {
        for (const [key, held] of asked) if (this.held.get(key) === held) this.held.delete(key);
      },
    );
  }

  private forget(): void {
    for (const key of this.held.keys()) {
      if (this.held.size <= this.most) return;
      this.held.delete(key);
    }
  }
}
