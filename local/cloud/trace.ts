/** One step in the life of an event: a call, a delivery, an invocation. */
export interface Span {
  at: number;
  durationMs: number;
  service: string;
  operation: string;
  /** What it was done to: a table, a queue, a function. */
  resource: string;
  caller: string;
  outcome: string;
  /** Where one was found in what was sent. */
  correlationId?: string | undefined;
}

const kept = 20_000;

/** The last steps that were taken, findable by correlation id. */
export class Trace {
  #spans: Span[] = [];

  add(span: Span): void {
    this.#spans.push(span);
    if (this.#spans.length > kept * 1.1) this.#spans = this.#spans.slice(-kept);
  }

  of(correlationId: string): Span[] {
    return this.#spans.filter((span) => span.correlationId === correlationId).sort((a, b) => a.at - b.at);
  }

  recent(count: number): Span[] {
    return this.#spans.slice(-count);
  }

  reset(): void {
    this.#spans = [];
  }
}

/** As events spell it, and as items of DynamoDB do. */
const pattern = /\\*"correlation(?:Id|_id)\\*"\s*:\s*(?:\{\s*"S"\s*:\s*)?\\*"([^"\\]{1,128})/;

/** As a text of its own: a part of another would keep all of that one in memory, for as long as it is kept itself. */
const apart = (part: string): string => Buffer.from(part).toString();

/** The first correlation id in a text, also where JSON stands quoted in JSON. */
export const correlationIdIn = (text: string): string | undefined => {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : apart(found);
};
