import { DeleteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../functions/processing/aws/dynamodb";
import {
  closeDay,
  type Reservation,
  remainingCalls,
  reserveAlpacaCall,
  reserveCall,
} from "../../functions/processing/budget/calls";
import type { CallLimits } from "../../functions/processing/budget/limits";
import { Failure } from "../../functions/processing/failure";
import { captureOutput } from "./output";
import { type TestRun, testRun } from "./run";
import { world } from "./world";

const noon = Date.parse("2026-10-29T12:00:00Z");
const reset = Date.parse("2026-10-30T04:00:00Z");
const free: CallLimits = { perSecond: 1, perDay: 25, allotments: { calendar: 1, news: 4, fundamentals: 20 } };
const shared: CallLimits = { perSecond: 1, perDay: 25, allotments: { calendar: 0, news: 0, fundamentals: 25 } };

const key = (budgetId = "alphavantage") => ({ TableName: "api-budget", Key: { budget_id: budgetId } });
const item = async (budgetId?: string) =>
  (await dynamodb().send(new GetCommand({ ...key(budgetId), ConsistentRead: true }))).Item;

const granted = (reservation: Reservation) => {
  if (!reservation.granted) throw new Error(`refused: ${reservation.reason}`);
  return reservation;
};

const failureOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

type Trouble = "the answer is lost" | "throttled" | "denied";

const errors: Record<Trouble, Error> = {
  "the answer is lost": Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }),
  throttled: Object.assign(new Error("slow down"), { name: "ThrottlingException" }),
  denied: Object.assign(new Error("not allowed"), { name: "AccessDeniedException" }),
};

/** A run in which the writes that `trouble` names go wrong; where the answer is lost, the table has had the write. */
const troubled = (run: TestRun, trouble: (write: number) => Trouble | undefined): TestRun => {
  let writes = 0;
  return {
    ...run,
    call: (operation, origin, send) =>
      run.call(operation, origin, async () => {
        const kind = operation === "PutItem" ? trouble(writes++) : undefined;
        if (kind === undefined) return send();
        if (kind === "the answer is lost") await Promise.allSettled([send()]);
        throw errors[kind];
      }),
  };
};

const active = 4;

/** Lets a few of many go on at a time: whoever waits goes on as soon as fewer than that are awake. */
const crowd = () => {
  let awake = 0;
  const waiting: (() => void)[] = [];
  const next = () => {
    while (awake < active) {
      const wake = waiting.shift();
      if (!wake) return;
      awake++;
      wake();
    }
  };
  const leave = () => {
    awake--;
    next();
  };
  return {
    sleep: () =>
      new Promise<void>((wake) => {
        waiting.push(wake);
        leave();
      }),
    join: async <T>(work: () => Promise<T>): Promise<T> => {
      awake++;
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
};

type Crowd = ReturnType<typeof crowd>;

let owners = 0;

/** A function's run beside others: with ids of its own. */
const runAt = (now: number, sleep?: () => Promise<void>): TestRun => {
  const owner = ++owners;
  let ids = 0;
  return testRun(now, { newId: () => `function-${owner}-${++ids}`, ...(sleep && { sleep }) });
};

describe("the budget of calls", () => {
  before(async () => {
    await world();
    process.env["API_BUDGET_TABLE"] = "api-budget";
  });
  const clear = async () => {
    for (const budgetId of ["alphavantage", "alpaca"]) await dynamodb().send(new DeleteCommand(key(budgetId)));
  };
  beforeEach(clear);
  after(clear);

  it("grants calls a second apart and counts them in both days, one read and one write each", async () => {
    const run = runAt(noon);
    expect(granted(await reserveCall("fundamentals", run, free)).waitMs).to.equal(0);
    expect(granted(await reserveCall("news", run, free)).waitMs).to.equal(1_000);
    expect(run.counted).to.deep.equal({ Operations: 4, CallsReserved: 2 });
    expect(await item()).to.deep.equal({
      budget_id: "alphavantage",
      version: 2,
      next_call_at: noon + 2_000,
      closed_until: 0,
      utc: { "2026-10-29": { fundamentals: 1, news: 1 } },
      new_york: { "2026-10-29": { fundamentals: 1, news: 1 } },
      open: { [`function-${owners}-1`]: noon, [`function-${owners}-2`]: noon + 1_000 },
    });
  });

  it("refuses without a write what the day has no room for, and says until when", async () => {
    granted(await reserveCall("calendar", runAt(noon), free));
    const run = runAt(noon);
    expect(await reserveCall("calendar", run, free)).to.deep.equal({
      granted: false,
      reason: "allotment",
      until: reset,
    });
    expect(run.counted).to.deep.equal({ Operations: 1, CallsRefused: 1 });
    expect(await remainingCalls("calendar", run, free)).to.equal(0);
    expect(await remainingCalls("fundamentals", run, free)).to.equal(20);
  });

  const race = async (
    count: number,
    { join, sleep }: Crowd,
    trouble: (owner: number, write: number) => Trouble | undefined = () => undefined,
  ): Promise<Reservation[]> => {
    const ask = (owner: number) =>
      join(() =>
        reserveCall(
          "fundamentals",
          troubled(runAt(noon, sleep), (write) => trouble(owner, write)),
          shared,
        ),
      );
    const { result } = await captureOutput(() => Promise.all(Array.from({ length: count }, (_, owner) => ask(owner))));
    return result;
  };

  const expectExactly = async (count: number, reservations: readonly Reservation[]) => {
    const waits = reservations.flatMap((one) => (one.granted ? [one.waitMs] : [])).sort((a, b) => a - b);
    expect(waits).to.deep.equal(Array.from({ length: count }, (_, at) => at * 1_000));
    const refused = reservations.filter((one) => !one.granted);
    for (const one of refused) expect(one).to.deep.equal({ granted: false, reason: "day", until: reset });
    expect(await item()).to.deep.include({
      version: count,
      utc: { "2026-10-29": { fundamentals: count } },
      new_york: { "2026-10-29": { fundamentals: count } },
    });
  };

  it("grants exactly 25 of 40 that ask at the same moment, each in its own second", async () => {
    await expectExactly(25, await race(40, crowd()));
  });

  it("grants exactly 25 of 40 where the answers of writes are lost, and where the table throttles", async () => {
    let hits = 0;
    const reservations = await race(40, crowd(), (owner, write) => {
      if (write > 0 || owner % 4 > 1) return undefined;
      hits++;
      return owner % 4 === 0 ? "the answer is lost" : "throttled";
    });
    await expectExactly(25, reservations);
    expect(hits).to.be.greaterThan(5);
  });

  it("knows its own write again after others have written", async () => {
    let other: Reservation | undefined;
    const run = runAt(noon);
    const overtaken: TestRun = {
      ...run,
      call: (operation, origin, send) =>
        run.call(operation, origin, async () => {
          const answer = await send();
          if (operation !== "PutItem" || other) return answer;
          other = await reserveCall("fundamentals", runAt(noon), free);
          throw errors["the answer is lost"];
        }),
    };
    const { result: own } = await captureOutput(() => reserveCall("fundamentals", overtaken, free));
    expect(granted(own).waitMs).to.equal(0);
    expect(other && granted(other).waitMs).to.equal(1_000);
    expect(await item()).to.deep.include({ version: 2, utc: { "2026-10-29": { fundamentals: 2 } } });
  });

  it("counts a call as made where no answer came at all", async () => {
    const run = troubled(runAt(noon), () => "the answer is lost");
    const { result: failure } = await captureOutput(() => failureOf(reserveCall("calendar", run, free)));
    expect(failure).to.be.instanceOf(Failure).and.to.include({ category: "unavailable", origin: "network" });
    expect(await item()).to.deep.include({ version: 1, utc: { "2026-10-29": { calendar: 1 } } });
  });

  it("tells of a missing permission instead of granting", async () => {
    const run = troubled(runAt(noon), () => "denied");
    const failure = await failureOf(reserveCall("calendar", run, free));
    expect(failure).to.be.instanceOf(Failure).and.to.include({ category: "denied" });
    expect(await item()).to.equal(undefined);
  });

  it("takes a call back once, however often and with whatever trouble it is given", async () => {
    const run = troubled(runAt(noon), (write) => (write === 2 ? "the answer is lost" : undefined));
    granted(await reserveCall("fundamentals", run, free));
    const { giveBack } = granted(await reserveCall("fundamentals", run, free));
    await captureOutput(giveBack);
    await Promise.all([giveBack(), giveBack()]);
    expect(run.counted).to.include({ CallsReserved: 2, CallsGivenBack: 1 });
    expect(await remainingCalls("fundamentals", run, free)).to.equal(19);
    expect(await item()).to.deep.include({ version: 3, next_call_at: noon + 1_000 });
  });

  it("takes back what many give at the same moment", async () => {
    const together = crowd();
    const reservations = await race(25, together);
    expect(await remainingCalls("fundamentals", runAt(noon), shared)).to.equal(0);
    await Promise.all(reservations.slice(0, 10).map((one) => together.join(granted(one).giveBack)));
    expect(await remainingCalls("fundamentals", runAt(noon), shared)).to.equal(10);
  });

  it("lets the work go on where a call cannot be given back, and counts it as made", async () => {
    const run = troubled(runAt(noon), (write) => (write > 0 ? "throttled" : undefined));
    const { giveBack } = granted(await reserveCall("calendar", run, free));
    const { lines } = await captureOutput(giveBack);
    expect(lines.at(-1)).to.include({ level: "WARN", message: "a call could not be given back, it counts as made" });
    expect(await remainingCalls("calendar", run, free)).to.equal(0);
  });

  it("lets the work go on where nobody else can be told of a pause, or of who pays for what failed", async () => {
    const run = troubled(runAt(noon), (write) => (write > 0 ? "throttled" : undefined));
    const { pauseUntil, passOn } = granted(await reserveCall("calendar", run, free));
    const { lines } = await captureOutput(async () => {
      await pauseUntil(noon + 60_000);
      await passOn();
    });
    const said = lines.filter(({ level }) => level === "WARN");
    expect(said.map(({ message }) => message)).to.include.members([
      "that the provider wants a pause is known to nobody else",
      "a call that failed is not paid for by another job",
    ]);
    expect(await item()).to.deep.include({ next_call_at: noon + 1_000, utc: { "2026-10-29": { calendar: 1 } } });
  });

  it("is closed for all jobs once the provider has had enough, until both days are over", async () => {
    granted(await reserveCall("fundamentals", runAt(noon), free));
    await Promise.all([closeDay(runAt(noon)), closeDay(runAt(noon + 1))]);
    expect(await reserveCall("news", runAt(noon + 2), free)).to.deep.equal({
      granted: false,
      reason: "closed",
      until: reset,
    });
    expect(await remainingCalls("fundamentals", runAt(noon + 2), free)).to.equal(0);
    expect(await item()).to.deep.include({ version: 2, closed_until: reset });
    expect(granted(await reserveCall("news", runAt(reset), free)).waitMs).to.equal(0);
  });

  it("reads its limits from the environment where it is given none", async () => {
    const limits = {
      ALPHA_VANTAGE_PER_SECOND: "2",
      ALPHA_VANTAGE_PER_DAY: "3",
      ALPHA_VANTAGE_CALENDAR_CALLS: "1",
      ALPHA_VANTAGE_NEWS_CALLS: "1",
      ALPACA_PER_MINUTE: "200",
    };
    const saved = { ...process.env };
    Object.assign(process.env, limits);
    try {
      const run = runAt(noon);
      granted(await reserveCall("calendar", run));
      expect(granted(await reserveCall("fundamentals", run)).waitMs).to.equal(500);
      expect(await remainingCalls("fundamentals", run)).to.equal(0);
      granted(await reserveAlpacaCall(run));
    } finally {
      for (const name of Object.keys(limits)) {
        if (saved[name] === undefined) delete process.env[name];
        else process.env[name] = saved[name];
      }
    }
  });

  it("keeps Alpaca's calls apart, at most 200 in any minute and as many as one likes in a day", async () => {
    const limits: CallLimits<"assets"> = {
      perSecond: 200 / 60,
      perDay: Number.POSITIVE_INFINITY,
      allotments: { assets: Number.POSITIVE_INFINITY },
    };
    const waits: number[] = [];
    for (let call = 0; call < 30; call++) waits.push(granted(await reserveAlpacaCall(runAt(noon), limits)).waitMs);
    expect(waits).to.deep.equal(Array.from({ length: 30 }, (_, at) => at * 300));
    expect(await item("alphavantage")).to.equal(undefined);
    expect(await item("alpaca")).to.deep.include({ utc: { "2026-10-29": { assets: 30 } } });
  });

  it("says which fields of a damaged row it cannot read, and grants nothing", async () => {
    granted(await reserveCall("calendar", runAt(noon), free));
    await dynamodb().send(
      new PutCommand({
        TableName: "api-budget",
        Item: { ...(await item()), next_call_at: "soon", utc: { today: 25 } },
      }),
    );
    const failure = await failureOf(reserveCall("news", runAt(noon), free));
    expect(failure).to.be.instanceOf(Failure).and.to.include({ category: "permanent", origin: "dynamodb" });
    expect((failure as Failure).message).to.equal("the budget of alphavantage is damaged in next_call_at, utc.today");
  });

  it("begins anew where an operator has removed the row", async () => {
    granted(await reserveCall("calendar", runAt(noon), free));
    await clear();
    expect(granted(await reserveCall("calendar", runAt(noon), free)).waitMs).to.equal(0);
  });
});
