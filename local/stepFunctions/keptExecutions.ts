import { BoundedJournal } from "../cloud/boundedJournal";
import type { Journal } from "../cloud/journal";
import type { End, Execution } from "./execution";
import type { HistoryEvent } from "./run/history";

type Started = Pick<Execution, "arn" | "name" | "machineArn" | "input" | "startedAt">;

/** What must still be there after a restart. */
export type Kept =
  | ({ kind: "started" } & Started)
  | { kind: "event"; arn: string; event: HistoryEvent }
  | { kind: "ended"; arn: string; end: End };

/** An execution of an earlier process. */
export interface Left extends Started {
  events: HistoryEvent[];
  end: End | undefined;
}

const restore = (entries: readonly Kept[]): Left[] => {
  const all = new Map<string, Left>();
  for (const entry of entries) {
    if (entry.kind === "started") {
      const { kind: _, ...started } = entry;
      all.set(entry.arn, { ...started, events: [], end: undefined });
    } else if (entry.kind === "event") all.get(entry.arn)?.events.push(entry.event);
    else {
      const left = all.get(entry.arn);
      if (left) left.end = entry.end;
    }
  }
  return [...all.values()];
};

const storyOf = ({ arn, name, machineArn, input, startedAt, end, events }: Execution): Kept[] => [
  { kind: "started", arn, name, machineArn, input, startedAt },
  ...events().map((event): Kept => ({ kind: "event", arn, event })),
  ...(end ? [{ kind: "ended", arn, end } as const] : []),
];

/** Writes down what executions do, before anybody is told. Without a journal nothing outlives this process. */
export class KeptExecutions {
  #left: Left[] = [];
  readonly #journal: BoundedJournal<Kept> | undefined;
  #running: () => Iterable<Execution> = () => [];

  constructor(journal: Journal<Kept> | undefined) {
    if (!journal) return;
    this.#left = restore(journal.read());
    const left = this.#left.map((one): Execution => ({ ...one, events: () => one.events }));
    this.#running = () => left;
    this.#journal = new BoundedJournal(journal, () => [...this.#running()].flatMap(storyOf));
  }

  /** What an earlier process left, in the order in which it started; told once. */
  take(current: () => Iterable<Execution>): Left[] {
    this.#running = current;
    return this.#left.splice(0);
  }

  started({ arn, name, machineArn, input, startedAt }: Execution): void {
    this.#journal?.append([{ kind: "started", arn, name, machineArn, input, startedAt }]);
  }

  happened(arn: string, event: HistoryEvent): void {
    this.#journal?.append([{ kind: "event", arn, event }]);
  }

  ended(arn: string, end: End): void {
    this.#journal?.append([{ kind: "ended", arn, end }]);
  }

  /** Begins anew with what counts now. */
  cutDown(): void {
    this.#journal?.cutDown();
  }

  close(): void {
    this.#journal?.close();
  }
}
