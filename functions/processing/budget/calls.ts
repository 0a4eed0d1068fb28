import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { env } from "../environment";
import { Failure } from "../failure";
import { metricNames } from "../observe/metrics";
import { startOfDay, zones } from "./days";
import * as ledgers from "./ledger";
import { alpacaLimits, type CallLimits, type Job, limitsFromEnvironment, payers } from "./limits";

export type Reservation =
  | {
      granted: true;
      /** How long the call must wait for its turn. Whoever cannot wait gives it back. */
      waitMs: number;
      /** For a call that was not made. Has its effect once, and never fails. */
      giveBack: () => Promise<void>;
      /** For a call that was made and failed: another job pays for it, where one does. Has its effect once, and never fails. */
      passOn: () => Promise<void>;
      /** The provider wants to be left alone until then, by all who call it. Never fails. */
      pauseUntil: (until: number) => Promise<void>;
    }
  | { granted: false; reason: ledgers.Reason; until: number };

type BudgetId = "alphavantage" | "alpaca";

const itemSchema = v.object({
  ...ledgers.ledgerSchema.entries,
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

interface Seen {
  ledger: ledgers.Ledger;
  /** 0: there is none yet. */
  version: number;
}

const read = async (budgetId: BudgetId, run: Run): Promise<Seen> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({ TableName: env("API_BUDGET_TABLE"), Key: { budget_id: budgetId }, ConsistentRead: true }),
    ),
  );
  if (Item === undefined) return { ledger: ledgers.emptyLedger, version: 0 };
  const parsed = v.safeParse(itemSchema, Item);
  if (!parsed.success) {
    const fields = parsed.issues.map((issue) => v.getDotPath(issue)).join(", ");
    throw new Failure("permanent", `the budget of ${budgetId} is damaged in ${fields}`, { origin: "dynamodb" });
  }
  const { version, ...ledger } = parsed.output;
  return { ledger, version };
};

const write = (budgetId: BudgetId, seen: number, ledger: ledgers.Ledger, run: Run): Promise<unknown> =>
  run.call("PutItem", "dynamodb", () =>
    dynamodb().send(
      new PutCommand({
        TableName: env("API_BUDGET_TABLE"),
        Item: { budget_id: budgetId, version: seen + 1, ...ledger },
        ...(seen === 0
          ? { ConditionExpression: "attribute_not_exists(budget_id)" }
          : { ConditionExpression: "version = :seen", ExpressionAttributeValues: { ":seen": seen } }),
      }),
    ),
  );

/**
 * Writes what `decide` makes of the ledger as it stands. A write whose answer was lost looks like another writer's: the
 * ledger is read again, and as every decision is the same when made twice, it finds its own grant, or its grant gone.
 * Where no answer comes at all, the call counts as made.
 */
const change = <Outcome extends { ledger: ledgers.Ledger }>(
  budgetId: BudgetId,
  decide: (ledger: ledgers.Ledger) => Outcome,
  run: Run,
): Promise<Outcome> =>
  overtaken(run, async () => {
    const { ledger, version } = await read(budgetId, run);
    const outcome = decide(ledger);
    if (outcome.ledger !== ledger) await write(budgetId, version, outcome.ledger, run);
    return outcome;
  });

const pause = async (budgetId: BudgetId, until: number, run: Run): Promise<void> => {
  try {
    await change(budgetId, (ledger) => ({ ledger: ledgers.pauseUntil(ledger, until) }), run);
  } catch (error) {
    run.log.warn("that the provider wants a pause is known to nobody else", { budget: budgetId, until, error });
  }
};

const reserve = async (budgetId: BudgetId, job: string, limits: CallLimits<string>, run: Run): Promise<Reservation> => {
  const grantId = run.newId();
  const taking = await change(budgetId, (ledger) => ledgers.take(ledger, run.now(), job, limits, grantId), run);
  run.meter.add(taking.granted ? metricNames.callsReserved : metricNames.callsRefused);
  if (!taking.granted) return { granted: false, reason: taking.reason, until: taking.until };
  const giveBack = async (): Promise<void> => {
    try {
      let undone = false;
      const undo = (ledger: ledgers.Ledger) => {
        const after = ledgers.giveBack(ledger, job, limits, grantId);
        undone ||= after !== ledger;
        return { ledger: after };
      };
      await change(budgetId, undo, run);
      if (undone) run.meter.add(metricNames.callsGivenBack);
    } catch (error) {
      run.log.warn("a call could not be given back, it counts as made", { budget: budgetId, job, error });
    }
  };
  const payer = payers[job];
  const passOn = async (): Promise<void> => {
    if (payer === undefined) return;
    try {
      await change(budgetId, (ledger) => ({ ledger: ledgers.passOn(ledger, job, payer, limits, grantId) }), run);
    } catch (error) {
      run.log.warn("a call that failed is not paid for by another job", { budget: budgetId, job, payer, error });
    }
  };
  const pauseUntil = (until: number) => pause(budgetId, until, run);
  return { granted: true, waitMs: Math.max(0, taking.at - run.now()), giveBack, passOn, pauseUntil };
};

/** One call to AlphaVantage, taken from the day's budget before it is made. */
export const reserveCall = (job: Job, run: Run, limits: CallLimits = limitsFromEnvironment()): Promise<Reservation> =>
  reserve("alphavantage", job, limits, run);

/** One call to Alpaca. There is always one; only its turn may have to be waited for. */
export const reserveAlpacaCall = (run: Run, limits: CallLimits<"assets"> = alpacaLimits()): Promise<Reservation> =>
  reserve("alpaca", "assets", limits, run);

/** AlphaVantage says that the day's calls are spent, whatever the ledger thinks. */
export const closeDay = async (run: Run): Promise<void> => {
  await change("alphavantage", (ledger) => ({ ledger: ledgers.closeDay(ledger, run.now()) }), run);
};

/** AlphaVantage says when it takes calls again: all who call wait for that, not only who was told. Never fails. */
export const pauseCalls = (until: number, run: Run): Promise<void> => pause("alphavantage", until, run);

/** How the calls to AlphaVantage stand for a job: how many it may make, when anybody's turn was last, when they were renewed. */
export const callsStanding = async (
  job: Job,
  run: Run,
  limits: CallLimits = limitsFromEnvironment(),
): Promise<{ left: number; lastAt: number; renewedAt: number }> => {
  const now = run.now();
  const { ledger } = await read("alphavantage", run);
  return {
    left: ledgers.remaining(ledger, now, job, limits),
    lastAt: ledger.next_call_at,
    renewedAt: Math.max(...zones.map((zone) => startOfDay(zone, now))),
  };
};

/** How many calls to AlphaVantage a job may make as things stand. */
export const remainingCalls = async (
  job: Job,
  run: Run,
  limits: CallLimits = limitsFromEnvironment(),
): Promise<number> => {
  const { left } = await callsStanding(job, run, limits);
  return left;
};
