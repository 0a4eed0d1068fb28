import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { countHour, type HourOfEvents } from "../../../functions/processing/stream/count/count";
import { totalsEvery } from "../../../functions/processing/stream/count/entry";
import { one } from "../../../functions/processing/stream/count/figures";
import { fold } from "../../../functions/processing/stream/count/fold";
import { idDigest, partitionOf, userDigest } from "../../../functions/processing/stream/count/keys";
import { Windows } from "../../../functions/processing/stream/count/windows";
import { readDay, readHour, totalsOf } from "../../../functions/processing/stream/results/read";
import { captureOutput } from "../output";
import { type TestRun, testRun } from "../run";
import { type Fault, withFaults } from "./faults";
import { cleanWorld, countedIn, day, hour, now } from "./world";

const name = "B|metric:latency";
const kept = { keptMs: 400 * 86_400_000 };
const roomy = 64 * 1024 * 1024;

const counted = (eventId: string, userId = "ann", value = 1) => ({
  id: idDigest(eventId),
  user: userDigest("checkout", userId),
  name,
  figures: one(value),
});

const batch = (events: HourOfEvents["events"], over: Partial<HourOfEvents> = {}): HourOfEvents => ({
  experimentId: "checkout",
  hour,
  shard: 0,
  events,
  arrivedAt: now,
  ...over,
});

/** Entries of logs, without what says which logs there are. */
const rows = async () => {
  const { Items = [] } = await dynamodb().send(new ScanCommand({ TableName: "event-aggregations" }));
  return Items.filter(({ partition_key }) => !String(partition_key).startsWith("#"));
};

/** Two ids whose digests differ, but not in the four bytes by which a log remembers them. */
const sharingPrint = (): [string, string] => {
  const met = new Map<number, string>();
  for (let at = 0; ; at++) {
    const print = idDigest(String(at)).readUInt32LE(4);
    const other = met.get(print);
    if (other !== undefined) return [other, String(at)];
    met.set(print, String(at));
  }
};

describe("the log of an hour", () => {
  let run: TestRun;
  let windows: Windows;
  beforeEach(async () => {
    await cleanWorld();
    run = testRun(now, { random: Math.random, sleep: () => new Promise((done) => setTimeout(done, 1)) });
    windows = new Windows({ mostBytes: roomy });
  });
  const count = (of: HourOfEvents, by = windows) => countHour(of, by, kept, run);

  it("takes a batch by one write, whatever is in it", async () => {
    await count(batch(Array.from({ length: 300 }, (_, at) => counted(`${at}`, `user-${at % 70}`, at / 10))));
    const written = await rows();
    expect(written).to.have.length(1);
    expect(written[0]).to.include({ partition_key: `checkout#${hour}#0`, sort_key: "000000000000" });
    expect(await countedIn(hour)).to.deep.equal({
      [name]: { count: 300, sum: "4485", squares: "89550.5", min: 0, max: 29.9, users: 70 },
    });
  });

  it("counts an event once, in the same batch and in later ones", async () => {
    expect(await count(batch([counted("1"), counted("1"), counted("2")]))).to.equal(2);
    expect(await count(batch([counted("2"), counted("3")]))).to.equal(1);
    expect(await count(batch([counted("1"), counted("3")]))).to.equal(0);
    expect((await countedIn(hour))[name]?.count).to.equal(3);
    expect(await rows()).to.have.length(2);
  });

  it("counts a user once for each measure", async () => {
    const exposure = { ...counted("2"), name: "B|exposure", figures: one(undefined) };
    await count(batch([counted("1"), exposure, counted("3", "bob"), counted("4", "bob")]));
    const said = await countedIn(hour);
    expect([said[name]?.users, said["B|exposure"]?.users]).to.deep.equal([2, 1]);
  });

  it("is known to a function that starts anew", async () => {
    await count(batch([counted("1")]));
    expect(await count(batch([counted("1"), counted("2")]), new Windows({ mostBytes: roomy }))).to.equal(1);
  });

  it("has every event of many writers at the same moment, once", async () => {
    const writers = Array.from({ length: 8 }, () => new Windows({ mostBytes: roomy }));
    const events = (writer: number) =>
      Array.from({ length: 5 }, (_, at) => counted(`${(writer * 3 + at) % 20}`, `user-${at}`));
    const added = await Promise.all(writers.map((by, writer) => count(batch(events(writer)), by)));
    expect(added.reduce((sum, some) => sum + some)).to.equal(20);
    expect((await countedIn(hour))[name]?.count).to.equal(20);
    expect(run.counted.StreamConflicts).to.be.greaterThan(0);
  });

  it("has an entry once whose answer was lost, and knows that it is its own", async () => {
    let puts = 0;
    // That there is a log is written before.
    const losing = (operation: string): Fault | undefined =>
      operation === "PutItem" && ++puts === 2 ? "lost" : undefined;
    const { result } = await captureOutput(() => withFaults(losing, () => count(batch([counted("1"), counted("2")]))));
    expect(result).to.equal(2);
    expect(await count(batch([counted("3")]))).to.equal(1);
    expect((await countedIn(hour))[name]?.count).to.equal(3);
  });

  it("is exact by what it writes, not by what is remembered: with no memory at all, and with a memory that is behind", async () => {
    const [forgetful, behind] = [new Windows({ mostBytes: 0 }), new Windows({ mostBytes: roomy })];
    await count(batch([counted("1")]), behind);
    await count(batch([counted("2")]), forgetful);
    expect(await count(batch([counted("1"), counted("2"), counted("3")]), behind)).to.equal(1);
    expect(await count(batch([counted("3"), counted("4")]), forgetful)).to.equal(1);
    expect((await countedIn(hour))[name]?.count).to.equal(4);
  });

  it("tells an entry of another writer from its own, though it says the same", async () => {
    const behind = new Windows({ mostBytes: roomy });
    await count(batch([counted("1")]), behind);
    expect(await count(batch([counted("2")]))).to.equal(1);
    expect(await count(batch([counted("2")]), behind)).to.equal(0);
    expect(run.counted.StreamConflicts).to.equal(1);
    expect((await countedIn(hour))[name]?.count).to.equal(2);
  });

  it("takes the entry of a writer that came first for no own one, though its own was tried before", async () => {
    const overtaken = new Windows({ mostBytes: roomy });
    await count(batch([counted("1")]), overtaken);
    const meanwhile = testRun(now, {
      sleep: async () => {
        await count(batch([counted("2"), counted("3")]));
      },
    });
    let puts = 0;
    const refusing = (operation: string): Fault | undefined =>
      operation === "PutItem" && ++puts === 1 ? "refused" : undefined;
    const late = () => countHour(batch([counted("4")]), overtaken, kept, meanwhile);
    const { result } = await captureOutput(() => withFaults(refusing, late));
    expect(result).to.equal(1);
    expect((await countedIn(hour))[name]?.count).to.equal(4);
  });

  it("has the users of its day once in memory, for as long as any window of that day is known", async () => {
    const digestsOf = async (window: string, by: Windows) =>
      (await by.current(partitionOf("checkout", window, 0), run)).digests;
    await count(batch([counted("1"), counted("2", "bob"), { ...counted("3"), name: "B|exposure" }]));
    await fold({ experimentId: "checkout", day, hours: [hour], shard: 0 }, windows, run);
    const users = await digestsOf(hour, windows);
    expect(users.size).to.equal(2);
    expect(await digestsOf(day, windows)).to.equal(users);
    expect(await digestsOf("2026-10-30T00", windows)).not.to.equal(users);
    const forgetful = new Windows({ mostBytes: 0 });
    const first = await digestsOf(hour, forgetful);
    expect(await digestsOf(day, forgetful)).to.equal(first);
    await digestsOf("2026-10-30", forgetful);
    expect(await digestsOf(hour, forgetful)).not.to.equal(first);
  });

  it("knows an id from another with the same print, and one that it has from one that only looks like it", async () => {
    const few = new Windows({ mostBytes: roomy, mostWholeIds: 1 });
    const [one, other] = sharingPrint();
    expect(await count(batch([counted(one)]), few)).to.equal(1);
    expect(await count(batch([counted(other)]), few)).to.equal(1);
    for (const again of [one, other]) expect(await count(batch([counted(again)]), few)).to.equal(0);
    expect((await countedIn(hour))[name]?.count).to.equal(2);
  });

  it("looks up in its table only what seems to be there, an entry once for all that are in it", async () => {
    const few = new Windows({ mostBytes: roomy, mostWholeIds: 4 });
    const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => counted(`${from + at}`));
    await count(batch(ids(0, 40)), few);
    const reads: string[] = [];
    const watching = (operation: string): undefined => {
      reads.push(operation);
    };
    await withFaults(watching, () => count(batch(ids(40, 80)), few));
    expect(reads).to.not.include("BatchGetItem");
    await withFaults(watching, () => count(batch(ids(20, 100)), few));
    expect(reads.filter((operation) => operation === "BatchGetItem")).to.have.length(1);
    expect((await countedIn(hour))[name]?.count).to.equal(100);
  });

  it("tells what it has by its last entries alone", async () => {
    for (let at = 0; at < totalsEvery + 3; at++) await count(batch([counted(`${at}`, `user-${at % 4}`, at)]));
    const { figures, users } = await readHour("checkout", hour, [0], run);
    const whole = await countedIn(hour);
    expect({ count: figures.get(name)?.count, users: users.get(name) }).to.deep.equal({
      count: whole[name]?.count,
      users: whole[name]?.users,
    });
    expect(users.get(name)).to.equal(4);
  });

  it("tells all that it has where its last entries are too large for one answer of the table", async () => {
    await count(batch(Array.from({ length: 40_000 }, (_, at) => counted(`${at}`, `user-${at}`))));
    const { figures, users } = await readHour("checkout", hour, [0], run);
    expect([figures.get(name)?.count, users.get(name)]).to.deep.equal([40_000, 40_000]);
  });

  it("goes some time after its hour, and a day does not", async () => {
    await count(batch([counted("1")], { arrivedAt: now + 2 * 3_600_000 }));
    const expiry = Object.fromEntries((await rows()).map((row) => [row["partition_key"], row["expires_at"]]));
    const end = Date.parse("2026-10-29T13:00:00Z");
    expect(expiry).to.deep.equal({
      [`checkout#${hour}#0`]: (end + kept.keptMs) / 1_000,
      [`checkout#${day}#0`]: undefined,
    });
  });

  it("is several where it is divided: the same sums, the same users", async () => {
    const events = Array.from({ length: 60 }, (_, at) => counted(`${at}`, `user-${at % 20}`, 0.1));
    for (let shard = 0; shard < 4; shard++) {
      const own = events.filter(({ user }) => (user[15] ?? 0) % 4 === shard);
      if (own.length > 0) await count(batch(own, { shard }));
    }
    const { figures, users } = await readHour("checkout", hour, [0, 1, 2, 3], run);
    expect([figures.get(name)?.count, users.get(name)]).to.deep.equal([60, 20]);
    const tally = totalsOf(await readDay({ experimentId: "checkout", day, shards: [0, 1, 2, 3] }, windows, run));
    expect([tally.figures.get(name)?.count, tally.users.get(name)]).to.deep.equal([60, 20]);
  });

  it("takes more events than fit one entry", async () => {
    expect(await count(batch(Array.from({ length: 12_000 }, (_, at) => counted(`${at}`, `user-${at}`))))).to.equal(
      12_000,
    );
    expect(await rows()).to.have.length(3);
    await fold({ experimentId: "checkout", day, hours: [hour], shard: 0 }, windows, run);
    expect((await countedIn(day))[name]).to.include({ count: 12_000, users: 12_000 });
  });
});

describe("the log of a day", () => {
  let run: TestRun;
  beforeEach(async () => {
    await cleanWorld();
    run = testRun(now, { random: Math.random, sleep: () => new Promise((done) => setTimeout(done, 1)) });
  });
  const other = "2026-10-29T11";

  it("has each user of its hours once, and each event", async () => {
    const windows = new Windows({ mostBytes: roomy });
    await countHour(batch([counted("1"), counted("2", "bob")]), windows, kept, run);
    await countHour(batch([counted("1"), counted("3")], { hour: other }), windows, kept, run);
    await fold({ experimentId: "checkout", day, hours: [other, hour], shard: 0 }, windows, run);
    expect((await countedIn(day))[name]).to.include({ count: 4, users: 2, sum: "4" });
  });

  it("takes nothing twice, whoever brings it up to date, and however many at a time", async () => {
    for (let at = 0; at < 5; at++)
      await countHour(batch([counted(`${at}`, `user-${at}`)]), new Windows({ mostBytes: roomy }), kept, run);
    const folding = { experimentId: "checkout", day, hours: [hour], shard: 0 };
    await Promise.all(Array.from({ length: 5 }, () => fold(folding, new Windows({ mostBytes: roomy }), run)));
    await fold(folding, new Windows({ mostBytes: 0 }), run);
    expect((await countedIn(day))[name]).to.include({ count: 5, users: 5 });
  });

  it("has each event once, though hours of one batch are taken in while others are being read", async () => {
    const windows = new Windows({ mostBytes: roomy });
    await windows.current(partitionOf("checkout", day, 0), run);
    let before: Promise<unknown> = Promise.resolve();
    const hours = ["08", "09", "10", "11"].map((at) => `2026-10-29T${at}`);
    const counting = hours.map((late) => {
      const others = before;
      let written = false;
      const waiting: typeof run.call = async (operation, origin, send) => {
        written ||= operation === "PutItem";
        if (written && operation === "Query") await others;
        return run.call(operation, origin, send);
      };
      before = countHour(batch([counted(late)], { hour: late }), windows, kept, { ...run, call: waiting });
      return before;
    });
    await Promise.all(counting);
    await fold({ experimentId: "checkout", day, hours, shard: 0 }, new Windows({ mostBytes: roomy }), run);
    expect((await countedIn(day))[name]).to.include({ count: 4, users: 1 });
  });

  it("is brought up to date every so many batches, at the end of an hour, and for what comes late", async () => {
    const windows = new Windows({ mostBytes: roomy });
    const inDay = async () => (await countedIn(day))[name]?.count ?? 0;
    for (let at = 0; at < totalsEvery - 1; at++) await countHour(batch([counted(`${at}`)]), windows, kept, run);
    expect(await inDay()).to.equal(0);
    await countHour(batch([counted("full")]), windows, kept, run);
    expect(await inDay()).to.equal(totalsEvery);
    await countHour(batch([counted("more")]), windows, kept, run);
    await countHour(batch([counted("next")], { hour: "2026-10-29T13" }), windows, kept, run);
    expect(await inDay()).to.equal(totalsEvery + 1);
    await countHour(batch([counted("late")], { hour: other }), windows, kept, run);
    expect(await inDay()).to.equal(totalsEvery + 2);
  });

  it("is brought up to date by the next hour that has events, within a day, also of the day before", async () => {
    const at = (hourOfEvents: string, id: string) => {
      const arrivedAt = Date.parse(`${hourOfEvents}:30:00Z`);
      const windows = new Windows({ mostBytes: roomy });
      const then = { ...run, now: () => arrivedAt };
      return countHour(batch([counted(id)], { hour: hourOfEvents, arrivedAt }), windows, kept, then);
    };
    const inDays = async () => [await countedIn("2026-10-28"), await countedIn(day)].map((said) => said[name]?.count);
    for (const [some, id] of [
      ["2026-10-28T09", "1"],
      ["2026-10-28T20", "2"],
    ] as const)
      await at(some, id);
    expect(await inDays()).to.deep.equal([1, undefined]);
    await at("2026-10-29T14", "3");
    expect(await inDays()).to.deep.equal([2, undefined]);
    await at("2026-10-29T17", "4");
    expect(await inDays()).to.deep.equal([2, 1]);
  });

  it("may lag behind without costing a batch", async () => {
    const windows = new Windows({ mostBytes: roomy });
    let puts = 0;
    // Before the day's entry, that there is a log, and the hour's.
    const third = (operation: string): Fault | undefined =>
      operation === "PutItem" && ++puts > 2 ? "refused" : undefined;
    const late = batch([counted("1")], { hour: other });
    const { result } = await captureOutput(() => withFaults(third, () => countHour(late, windows, kept, run)));
    expect(result).to.equal(1);
    expect(run.counted.Failure).to.equal(1);
    expect(await countedIn(day)).to.deep.equal({});
    await fold({ experimentId: "checkout", day, hours: [other], shard: 0 }, windows, run);
    expect((await countedIn(day))[name]?.count).to.equal(1);
  });
});
