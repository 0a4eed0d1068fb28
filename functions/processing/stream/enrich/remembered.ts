/** Values by key that are good for a while, the latest so many of them; asked for by many at once, read once. */
export class Remembered<Value> {
  private readonly held = new Map<string, { until: number; value: Promise<Value | undefined> }>();

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
    const missing = [...new Set(keys)].filter((key) => (this.held.get(key)?.until ?? 0) <= now);
    if (missing.length > 0) this.ask(missing, now, read(missing));
    const found = await Promise.all(
      [...new Set(keys)].map(async (key) => [key, await this.held.get(key)?.value] as const),
    );
    this.forget();
    return new Map(found.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
  }

  private ask(keys: readonly string[], now: number, answer: Promise<Map<string, Value>>): void {
    for (const key of keys) {
      const held = { until: now + this.freshMs, value: answer.then((found) => found.get(key)) };
      this.held.delete(key);
      this.held.set(key, held);
      held.value.then(
        (value) => {
          if (value === undefined) held.until = now + this.absentMs;
        },
        () => {
          if (this.held.get(key) === held) this.held.delete(key);
        },
      );
    }
  }

  private forget(): void {
    for (const key of this.held.keys()) {
      if (this.held.size <= this.most) return;
      this.held.delete(key);
    }
  }
}
