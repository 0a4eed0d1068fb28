import type { TransactItem } from "../aws/transact";
import { writeTogether } from "../aws/writeTogether";
import { inLanes } from "../consume/inLanes";
import type { Run } from "../consume/run";
import { Failure } from "../failure";
import { requireOwner } from "../ledger/owner";
import { limits } from "../limits";
import { type Asking, ask, hear } from "./ask";
import { compute, figure } from "./compute";
import { actual, rehearsed, type Shelf } from "./keys";
import { type AskingEvent, planOf } from "./plan";
import { standingItems } from "./status";

/** `asked`: another event's turn computed it already. `none`: the event touches no figure. */
export type Outcome = "computed" | "asked" | "none" | "duplicate";

const askingOf = (event: AskingEvent): Asking => {
  const plan = planOf(event);
  if (!plan) throw new Failure("permanent", `no plan for ${event.eventType}`, { origin: "code" });
  return { event, plan };
};

/** What came of one person's events. */
interface Refreshed {
  news: ReadonlySet<string>;
  computed: number;
}

interface Ready extends Refreshed {
  items: readonly TransactItem[];
  bytes: number;
}

/** One person's events, with the run of the first of them. */
interface Turn {
  owner: string;
  asking: readonly Asking[];
  run: Run;
}

/** The asking and the figures, to be written at once. */
const prepare = async ({ owner, asking, run }: Turn, shelf: Shelf): Promise<Ready> => {
  const { news, marks, before, after } = await hear(owner, asking, run, shelf);
  const figured = await figure(owner, run, shelf, after);
  const items = [...marks, ...standingItems(before, figured?.after ?? after), ...(figured?.items ?? [])];
  return { news, computed: figured?.computed ?? 0, items, bytes: figured?.bytes ?? 0 };
};

/** The asking first, and then what waits: also what was asked for and never computed. */
const inSteps = async ({ owner, asking, run }: Turn, shelf: Shelf): Promise<Refreshed> => {
  const asked = await ask(owner, asking, run, shelf);
  return { news: asked.news, computed: await compute(owner, run, shelf, asked) };
};

const outcomesOf = (asking: readonly Asking[], { news, computed }: Refreshed): Outcome[] => {
  const told = new Set<string>();
  return asking.map(({ event: { eventId }, plan }) => {
    const isNew = news.has(eventId) && !told.has(eventId);
    told.add(eventId);
    if (isNew && plan.types.length === 0) return "none";
    if (computed > 0 && (isNew || news.size === 0)) return "computed";
    return isNew ? "asked" : "duplicate";
  });
};

/**
 * What events ask for, and what comes of it, in one transaction with those of other people. Who is in anybody's way, or
 * cannot be computed, is left to go in steps: an asking that was written is not forgotten, and of several who ask at the
 * same time the last one computes for all.
 */
const refreshTurns = async (turns: readonly Turn[], shelf: Shelf): Promise<PromiseSettledResult<Outcome[]>[]> => {
  // All are ready before any of them writes, or they would not write together.
  const ready = await Promise.allSettled(turns.map((turn) => prepare(turn, shelf)));
  return Promise.allSettled(
    turns.map(async (turn, at) => {
      const own = ready[at];
      if (own?.status !== "fulfilled" || own.value.items.length > limits.transactionItems) {
        return outcomesOf(turn.asking, await inSteps(turn, shelf));
      }
      const { items, bytes } = own.value;
      const written = writeTogether(items, turn.run, bytes).then(() => own.value);
      return outcomesOf(turn.asking, await written.catch(() => inSteps(turn, shelf)));
    }),
  );
};

interface One {
  owner: string;
  asking: Asking;
  run: Run;
}

const refreshAll =
  (shelf: Shelf) =>
  async (_: string, all: readonly One[]): Promise<PromiseSettledResult<Outcome>[]> => {
    const turns = new Map<string, Turn & { asking: Asking[] }>();
    const places = all.map(({ owner, asking, run }) => {
      const turn = turns.get(owner) ?? { owner, asking: [], run };
      turns.set(owner, turn);
      return { owner, at: turn.asking.push(asking) - 1 };
    });
    const ended = await refreshTurns([...turns.values()], shelf);
    const byOwner = new Map([...turns.keys()].map((owner, at) => [owner, ended[at]]));
    return places.map(({ owner, at }) => {
      const end = byOwner.get(owner);
      if (end?.status === "fulfilled") return { status: "fulfilled", value: end.value[at] as Outcome };
      return { status: "rejected", reason: end?.reason };
    });
  };

/** Events that come side by side go together; what one person's fail of, no other's fail of. */
const refreshing = (shelf: Shelf): ((event: AskingEvent, run: Run) => Promise<Outcome>) => {
  const lane = inLanes<One, PromiseSettledResult<Outcome>>(() => "all", refreshAll(shelf));
  return async (event, run) => {
    const one = { owner: requireOwner(event.userId), asking: askingOf(event), run };
    const end = await lane(one, run);
    if (end.status === "rejected") throw end.reason;
    return end.value;
  };
};

/** Asks for what an event touches, once, and computes what waits. */
export const refresh = refreshing(actual);

/** As refresh, with figures that are only there to be compared. */
export const rehearseRefresh = refreshing(rehearsed);
