import type { EventEnvelope } from "./envelope";
import type { ArchivedEvent, KeptEvents } from "./keptEvents";
import type { EventMatcher } from "./pattern";

const dayMs = 86_400_000;

export interface ArchiveSettings {
  name: string;
  arn: string;
  /** ARN of the bus whose events it keeps. */
  source: string;
  description: string | undefined;
  pattern: { text: string; matches: EventMatcher } | undefined;
  /** @default for ever */
  retentionDays: number | undefined;
  createdAt: number;
}

/** After so many more it is looked for what has grown too old. */
const lookedAfter = 1_000;

/** Events of a bus, kept so that they can be put on it again. */
export class Archive {
  #kept: ArchivedEvent[] = [];

  constructor(
    readonly settings: ArchiveSettings,
    private readonly written: KeptEvents,
  ) {
    this.#kept = written.takeArchived(settings.name, () => this.#kept);
  }

  keep(event: EventEnvelope, now: number): void {
    if (this.settings.pattern && !this.settings.pattern.matches(event)) return;
    this.#kept.push({ event, at: now });
    if (this.#kept.length % lookedAfter === 0) this.#forgetOld(now);
    this.written.archive(this.settings.name, event, now);
  }

  /** What is kept: in the order in which it came. */
  events(now: number): readonly EventEnvelope[] {
    this.#forgetOld(now);
    return this.#kept.map(({ event }) => event);
  }

  clear(): void {
    this.#kept = [];
  }

  #forgetOld(now: number): void {
    const { retentionDays } = this.settings;
    if (retentionDays) this.#kept = this.#kept.filter(({ at }) => at > now - retentionDays * dayMs);
  }
}
