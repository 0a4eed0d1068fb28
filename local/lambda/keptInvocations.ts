import { BoundedJournal } from "../cloud/boundedJournal";
import type { Journal } from "../cloud/journal";

/** An asynchronous invocation that was accepted and is not done with, as it stands. */
export interface Owed {
  readonly requestId: string;
  readonly functionName: string;
  readonly payload: Buffer;
  readonly invoker: string;
  readonly traceId: string | undefined;
  readonly acceptedAt: number;
  /** How often the function ran for it, and was too busy to. */
  runs: number;
  throttles: number;
  /** When it is to run. */
  dueAt: number;
}

type Progress = Pick<Owed, "runs" | "throttles" | "dueAt">;

/** A payload is bytes, which JSON would not keep as they are: it is written in base64. */
export type Kept =
  | ({ kind: "owed"; payload: string } & Omit<Owed, "payload">)
  | ({ kind: "postponed"; requestId: string } & Progress)
  | { kind: "ended"; requestId: string };

const asOwed = ({
  requestId,
  functionName,
  payload,
  invoker,
  traceId,
  acceptedAt,
  runs,
  throttles,
  dueAt,
}: Owed): Kept => ({
  kind: "owed",
  requestId,
  functionName,
  payload: payload.toString("base64"),
  invoker,
  traceId,
  acceptedAt,
  runs,
  throttles,
  dueAt,
});

/** Writes down what Lambda promises before it answers. Without a journal it promises nothing beyond this process. */
export class KeptInvocations {
  readonly #owed = new Map<string, Owed>();
  #left: Owed[] = [];
  readonly #journal: BoundedJournal<Kept> | undefined;

  constructor(journal: Journal<Kept> | undefined) {
    if (!journal) return;
    for (const entry of journal.read()) this.#restore(entry);
    this.#left = [...this.#owed.values()];
    this.#journal = new BoundedJournal(journal, () => [...this.#owed.values()].map(asOwed));
  }

  accept(owed: Owed): void {
    if (!this.#journal) return;
    this.#owed.set(owed.requestId, owed);
    this.#journal.append([asOwed(owed)]);
  }

  postpone({ requestId, runs, throttles, dueAt }: Owed): void {
    this.#journal?.append([{ kind: "postponed", requestId, runs, throttles, dueAt }]);
  }

  end({ requestId }: Owed): void {
    this.#owed.delete(requestId);
    this.#journal?.append([{ kind: "ended", requestId }]);
  }

  /** What an earlier process owes of this function's runs. */
  takeLeft(functionName: string): Owed[] {
    const taken = this.#left.filter((owed) => owed.functionName === functionName);
    this.#left = this.#left.filter((owed) => owed.functionName !== functionName);
    return taken;
  }

  /** Whose function did not come back in time will not run any more. */
  dropLeft(acceptedBefore: number): void {
    for (const owed of this.#left.filter(({ acceptedAt }) => acceptedAt < acceptedBefore)) this.end(owed);
    this.#left = this.#left.filter(({ acceptedAt }) => acceptedAt >= acceptedBefore);
  }

  clear(): void {
    this.#owed.clear();
    this.#left = [];
    this.#journal?.cutDown();
  }

  close(): void {
    this.#journal?.close();
  }

  #restore(entry: Kept): void {
    if (entry.kind === "owed") {
      const { kind: _, payload, ...rest } = entry;
      this.#owed.set(entry.requestId, { ...rest, payload: Buffer.from(payload, "base64") });
      return;
    }
    const owed = this.#owed.get(entry.requestId);
    if (entry.kind === "ended") this.#owed.delete(entry.requestId);
    else if (owed) Object.assign(owed, { runs: entry.runs, throttles: entry.throttles, dueAt: entry.dueAt });
  }
}
